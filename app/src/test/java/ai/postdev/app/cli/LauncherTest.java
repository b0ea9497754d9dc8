package ai.postdev.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs the real launcher script in a made-up checkout, with made-up JDKs and a made-up Maven. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    private static final List<String> TOOLS = List.of(
            "readlink", "mkdir", "rm", "cp", "cat", "mktemp", "tail", "grep", "sleep", "stty", "dirname", "env");

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private Path checkout;
    private Path bin;
    private String out;

    @BeforeEach
    void layOut() throws IOException {
        checkout = Files.createDirectory(folder.resolve("check out"));
        Path script = Path.of("").toAbsolutePath();
        while (!Files.exists(script.resolve("postdevai"))) {
            script = script.getParent();
        }
        Files.copy(script.resolve("postdevai"), checkout.resolve("postdevai"));
        executable(checkout.resolve("postdevai"));
        Path options = checkout.resolve("app/src/main/resources/ai/postdev/app/cli/node.options");
        Files.createDirectories(options.getParent());
        Files.writeString(options, "-Xfake\n");
        bin = Files.createDirectory(folder.resolve("bin"));
        for (String tool : TOOLS) {
            for (String place : List.of("/bin/", "/usr/bin/")) {
                if (Files.exists(Path.of(place + tool)) && !Files.exists(bin.resolve(tool))) {
                    script(bin.resolve(tool), "exec " + place + tool + " \"$@\"\n");
                }
            }
        }
        environment.put("PATH", bin.toString());
        environment.put("HOME", folder.toString());
        environment.put("POSTDEVAI_JDK_FOLDERS", folder.resolve("jdks").toString());
    }

    private static void executable(Path file) {
        assertTrue(file.toFile().setExecutable(true));
    }

    private Path script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + text);
        executable(file);
        return file;
    }

    /** A folder that looks like a JDK; its java prints what it was started with, one argument a line. */
    private Path jdk(String folderName, String version) throws IOException {
        Path jdk = folder.resolve(folderName);
        script(
                jdk.resolve("bin/java"),
                "for a in \"$@\"; do printf '%s\\n"
                        + "' \"$a\"; case $a in -XX:AOTCacheOutput=*) : > \"${a#*=}\";; esac; done\n");
        script(jdk.resolve("bin/javac"), "");
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return jdk;
    }

    private void maven() throws IOException {
        script(bin.resolve("git"), "");
        script(
                bin.resolve("mvn"),
                "echo called >> '" + folder.resolve("mvn.log") + "'\necho \"$JAVA_HOME\" >> '"
                        + folder.resolve("mvn.home")
                        + "'\nmkdir -p app/target/dist/lib && echo '[INFO] Building PostDevAI :: app 0.1.0 [7/9]'\n"
                        + ": > app/target/dist/lib/postdevai-app-0.1.0.jar\n"
                        + ": > app/target/dist/lib/lucene-core-1.jar\n");
    }

    private int run(Path from, Path script, String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(from.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.redirectInput(new File("/dev/null"));
        Process process = builder.start();
        out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "the launcher hangs");
        return process.exitValue();
    }

    private int run(String... args) throws Exception {
        return run(folder, checkout.resolve("postdevai"), args);
    }

    @Test
    void withoutAnyJdkItSaysWhatIsNeededAndHowToGetIt() throws Exception {
        assertEquals(5, run("status"));
        assertTrue(out.contains("JDK 25 is needed"), out);
        assertTrue(out.contains("no JDK at all"), out);
        for (String way : List.of("apt install openjdk-25-jdk", "dnf install", "brew install openjdk@25")) {
            assertTrue(out.contains(way), way + " in " + out);
        }
    }

    @Test
    void wrongJdksAreNamed() throws Exception {
        environment.put("JAVA_HOME", jdk("old", "17.0.15").toString());
        jdk("jdks/newer", "21.0.1");
        jdk("jdks/future", "250.1");
        assertEquals(5, run("status"));
        assertTrue(out.contains("JDK 17.0.15 in " + folder.resolve("old") + " (JAVA_HOME)"), out);
        assertTrue(out.contains("JDK 21.0.1 in "), out);
        assertTrue(out.contains("JDK 250.1 in "), out);
    }

    @Test
    void aJavaHomeWithoutAJdkIsNamed() throws Exception {
        environment.put("JAVA_HOME", "/nowhere");
        assertEquals(5, run("status"));
        assertTrue(out.contains("no JDK in JAVA_HOME, which is /nowhere"), out);
    }

    @Test
    void withoutMavenOrGitItSaysHowToGetThem() throws Exception {
        jdk("jdks/right", "25");
        assertEquals(5, run("status"));
        assertTrue(out.contains("Maven 3.8 or newer is needed"), out);
        maven();
        Files.delete(bin.resolve("git"));
        assertEquals(5, run("status"));
        assertTrue(out.contains("git is needed"), out);
    }

    @Test
    void buildsOnceWithTheJdkItFound() throws Exception {
        jdk("jdks/17", "17.0.1");
        Path right = jdk("jdks/25", "25.0.1");
        maven();
        assertEquals(0, run("search", "two words", "--limit=3"));
        assertTrue(out.contains("PostDevAI :: app"), "the build shows how far it is: " + out);
        List<String> lines = out.lines().toList();
        int main = lines.indexOf("ai.postdev.app.cli.Main");
        assertEquals(List.of("search", "two words", "--limit=3"), lines.subList(main + 1, lines.size()));
        assertTrue(lines.contains("-XX:AOTCache=" + checkout.toRealPath().resolve("app/target/dist/cli.aot")), out);
        assertFalse(out.contains("-Xshare"), "with an AOT cache that would stop the JVM");
        String classpath = lines.get(lines.indexOf("-cp") + 1);
        assertTrue(classpath.contains("postdevai-app-0.1.0.jar") && !classpath.contains("lucene"), classpath);
        assertTrue(Files.readString(checkout.resolve("app/target/dist/node.classpath"))
                .contains("lucene"));
        assertEquals(
                right.toString(), Files.readString(folder.resolve("mvn.home")).strip());
        assertEquals(0, run("status"));
        assertFalse(out.contains("building"), out);
        assertEquals(1, Files.readAllLines(folder.resolve("mvn.log")).size());
    }

    @Test
    void worksThroughALinkFromAnyFolder() throws Exception {
        jdk("jdks/25", "25.0.1");
        maven();
        Path links = Files.createDirectory(folder.resolve("links"));
        Files.createSymbolicLink(links.resolve("one"), Path.of("../check out/postdevai"));
        Files.createSymbolicLink(links.resolve("pd"), links.resolve("one"));
        assertEquals(0, run(links, Path.of("./pd"), "status"));
        assertTrue(out.contains("-Dpostdevai.dist=" + checkout.toRealPath().resolve("app/target/dist")), out);
    }

    @Test
    void aBuildThatFailsShowsItsErrors() throws Exception {
        jdk("jdks/25", "25.0.1");
        maven();
        script(bin.resolve("mvn"), "echo '[ERROR] cannot find symbol'; exit 1\n");
        assertEquals(5, run("status"));
        assertTrue(out.contains("the build failed"), out);
        assertTrue(out.contains("cannot find symbol"), out);
        maven();
        assertEquals(0, run("status"), "the next start tries again");
    }

    @Test
    void rebuildsWhenAsked() throws Exception {
        jdk("jdks/25", "25.0.1");
        maven();
        assertEquals(0, run("status"));
        assertEquals(0, run("--rebuild", "status"));
        assertEquals(2, Files.readAllLines(folder.resolve("mvn.log")).size());
    }

    @Test
    void aJdkThatWasRemovedIsReplacedWithoutABuild() throws Exception {
        Path first = jdk("jdks/a", "25.0.1");
        maven();
        assertEquals(0, run("status"));
        Files.delete(first.resolve("bin/java"));
        jdk("jdks/b", "25.0.2");
        assertEquals(0, run("status"));
        assertEquals(1, Files.readAllLines(folder.resolve("mvn.log")).size());
    }

    @Test
    void aJdkThatWasUpdatedInItsPlaceIsPreparedForAnewWithoutABuild() throws Exception {
        jdk("jdks/a", "25.0.1");
        maven();
        assertEquals(0, run("status"));
        assertEquals(0, run("status"));
        assertFalse(out.contains("preparing"), out);
        jdk("jdks/a", "25.0.2");
        assertEquals(0, run("status"));
        assertTrue(out.contains("preparing"), out);
        assertEquals(1, Files.readAllLines(folder.resolve("mvn.log")).size());
    }
}
