package ai.postdev.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.lake.vector.VectorKernels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prepares a distribution in processes of its own, as the launcher does. */
class BootVectorsTest {
    private static final String BY_MODULE = "--add-modules=jdk.incubator.vector";

    @TempDir
    Path folder;

    private String out;

    private int run(List<String> options, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "ai.postdev.app.BootVectors"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(90, TimeUnit.SECONDS), "it hangs");
        return process.exitValue();
    }

    private Path distribution(String name, String... options) throws Exception {
        Path distribution = Files.createDirectory(folder.resolve(name));
        Files.write(distribution.resolve("node.options"), List.of(options));
        Files.writeString(distribution.resolve("node.classpath"), System.getProperty("java.class.path") + "\n");
        return distribution;
    }

    @Test
    void theKernelsRunFastWithoutTheModule() throws Exception {
        Path distribution = distribution("a \"b\" c", "# why", "-Xmx256m", BY_MODULE, "-Done=1");
        int code = run(List.of(), distribution.toString());
        if (VectorKernels.best().name().equals(VectorKernels.plain().name())) {
            assertEquals(1, code, "this machine has no wide instructions: " + out);
            return;
        }
        assertEquals(0, code, out);
        List<String> options = Files.readAllLines(distribution.resolve("node.options"));
        assertFalse(options.contains(BY_MODULE), "" + options);
        assertEquals("-Xmx256m", options.get(1));
        assertEquals("-Done=1", options.getLast());
        assertTrue(options.contains("--add-exports=java.base/jdk.internal.vm.vector=ALL-UNNAMED"), "" + options);
        try (JarFile jar = new JarFile(distribution.resolve("vector.jar").toFile())) {
            assertTrue(jar.getEntry("jdk/incubator/vector/ByteVector.class") != null, "the classes are there");
            assertTrue(jar.getEntry("module-info.class") == null, "a description would make it a module again");
        }
    }

    @Test
    void withoutTheirCompilationTheTrialRefusesThem() throws Exception {
        Path distribution = distribution("slow", BY_MODULE);
        if (run(List.of(), distribution.toString()) != 0) {
            return;
        }
        List<String> slow = Files.readAllLines(distribution.resolve("node.options")).stream()
                .filter(option -> !option.contains("EnableVector"))
                .map(option -> option.replace("\"", ""))
                .toList();
        assertEquals(1, run(slow), "calls that are not compiled to instructions are slower than plain Java: " + out);
    }

    @Test
    void aDistributionThatCannotBePreparedStaysAsItWas() throws Exception {
        Path distribution = distribution("broken", BY_MODULE, "-XX:+NoSuchOption");
        assertEquals(1, run(List.of(), distribution.toString()));
        assertTrue(out.contains("the module of the Vector API stays"), out);
        assertEquals(List.of(BY_MODULE, "-XX:+NoSuchOption"), Files.readAllLines(distribution.resolve("node.options")));
        assertFalse(Files.exists(distribution.resolve("vector.jar")));
        assertFalse(Files.exists(distribution.resolve("node.options.trial")));
    }
}
