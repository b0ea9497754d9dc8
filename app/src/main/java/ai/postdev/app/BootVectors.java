package ai.postdev.app;

import ai.postdev.dragon.lake.vector.Kernels;
import ai.postdev.dragon.lake.vector.VectorKernel;
import ai.postdev.dragon.lake.vector.VectorKernels;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Prepares a distribution so that its node starts with the classes of the Vector API on the boot class path, and not with
 * their module: a JVM uses neither its archived module graph nor the linked classes of its AOT cache when a module of the
 * incubator takes part, and then starts a third slower (ADR 0016). Copies the module's classes out of the running JDK
 * into {@code vector.jar}, and changes {@code node.options} only after a process with the changed options has shown that
 * the kernels run there, and faster than plain Java.
 */
public final class BootVectors {
    private static final String MODULE = "jdk.incubator.vector";
    private static final String BY_MODULE = "--add-modules=" + MODULE;
    private static final int TRIAL_SECONDS_MAX = 60;
    private static final int LENGTH = 384;
    private static final int PRODUCTS = 50_000;
    private static final int ROUNDS = 12;

    private BootVectors() {}

    /**
     * With the folder of a distribution: prepares it; exits with 0 if it starts faster now, with 1 and the reason on the
     * error stream if all stays as it was. Without arguments: the trial of the changed options; exits with 0 if the kernels
     * run as they should.
     */
    public static void main(String[] arguments) {
        if (arguments.length == 0) {
            System.exit(kernelsAreFast() ? 0 : 1);
        }
        try {
            prepare(Path.of(arguments[0]));
        } catch (IOException | UncheckedIOException | IllegalStateException e) {
            System.err.println("the module of the Vector API stays: " + e.getMessage());
            System.exit(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            System.exit(1);
        }
    }

    private static void prepare(Path distribution) throws IOException, InterruptedException {
        Path jar = distribution.resolve("vector.jar");
        Path options = distribution.resolve("node.options");
        Path fresh = distribution.resolve("vector.jar.new");
        Path changed = distribution.resolve("node.options.trial");
        List<String> lines = Files.readAllLines(options);
        if (!lines.contains(BY_MODULE)) {
            throw new IllegalStateException(options + " has no line " + BY_MODULE);
        }
        try {
            pack(fresh);
            // Not written over: a node may run with the one before.
            Files.move(fresh, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Files.write(changed, changed(lines, jar));
            tryOut(distribution, changed);
            Files.move(changed, options, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(changed);
            Files.deleteIfExists(fresh);
            Files.deleteIfExists(jar);
            throw e;
        }
    }

    /** The classes of the module, without its description, in one archive that is not compressed. */
    private static void pack(Path jar) throws IOException {
        Path module = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules", MODULE);
        if (!Files.isDirectory(module)) {
            throw new IllegalStateException("this JDK has no module " + MODULE);
        }
        List<Path> classes;
        try (Stream<Path> found = Files.walk(module)) {
            classes = found.filter(file -> file.toString().endsWith(".class")
                            && !file.getFileName().toString().equals("module-info.class"))
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
        }
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(jar));
                ZipOutputStream archive = new ZipOutputStream(file)) {
            archive.setMethod(ZipOutputStream.STORED);
            for (Path one : classes) {
                byte[] bytes = Files.readAllBytes(one);
                CRC32 crc = new CRC32();
                crc.update(bytes);
                ZipEntry entry = new ZipEntry(module.relativize(one).toString());
                entry.setSize(bytes.length);
                entry.setCrc(crc.getValue());
                entry.setTime(0);
                archive.putNextEntry(entry);
                archive.write(bytes);
            }
        }
    }

    /** The options with the module's line replaced by what gives the same classes the same rights and compilation. */
    static List<String> changed(List<String> lines, Path jar) {
        List<String> all = new ArrayList<>();
        for (String line : lines) {
            if (!line.equals(BY_MODULE)) {
                all.add(line);
                continue;
            }
            String path = jar.toAbsolutePath().toString().replace("\\", "\\\\").replace("\"", "\\\"");
            all.add("\"-Xbootclasspath/a:" + path + "\"");
            for (String exported : exportedToTheModule()) {
                all.add("--add-exports=java.base/" + exported + "=ALL-UNNAMED");
            }
            all.add("-XX:+UnlockExperimentalVMOptions");
            all.add("-XX:+EnableVectorSupport");
            all.add("-XX:+EnableVectorReboxing");
            all.add("-XX:+EnableVectorAggressiveReboxing");
        }
        return all;
    }

    private static List<String> exportedToTheModule() {
        ModuleDescriptor base = ModuleFinder.ofSystem()
                .find("java.base")
                .orElseThrow(() -> new IllegalStateException("this JDK has no java.base"))
                .descriptor();
        return base.exports().stream()
                .filter(exports -> exports.targets().contains(MODULE))
                .map(ModuleDescriptor.Exports::source)
                .sorted()
                .toList();
    }

    private static void tryOut(Path distribution, Path options) throws IOException, InterruptedException {
        Path log = distribution.resolve("vector.trial.log");
        Process trial = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + options,
                        "-cp",
                        Files.readString(distribution.resolve("node.classpath")).strip(),
                        BootVectors.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!trial.waitFor(TRIAL_SECONDS_MAX, TimeUnit.SECONDS)) {
            trial.destroyForcibly();
            throw new IllegalStateException("the trial did not end within " + TRIAL_SECONDS_MAX + " s");
        }
        if (trial.exitValue() != 0) {
            throw new IllegalStateException("the kernels are not fast on the boot class path, see " + log);
        }
    }

    /** Whether the kernels are those of the Vector API, and compiled as such: they run far slower than plain Java otherwise. */
    private static boolean kernelsAreFast() {
        Kernels best = VectorKernels.best();
        Kernels plain = VectorKernels.plain();
        if (best.name().equals(plain.name())) {
            System.out.println("kernels: " + best.name());
            return false;
        }
        long wide = Long.MAX_VALUE;
        long narrow = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            wide = Math.min(wide, nanos(best.vectors()));
            narrow = Math.min(narrow, nanos(plain.vectors()));
        }
        System.out.println(
                "ns per product of " + LENGTH + ": " + wide / PRODUCTS + ", in plain Java " + narrow / PRODUCTS);
        return wide < narrow;
    }

    private static long nanos(VectorKernel kernel) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment rows = arena.allocate(16L * LENGTH * Float.BYTES, 64);
            float[] query = new float[LENGTH];
            float sum = 0;
            long start = System.nanoTime();
            for (int i = 0; i < PRODUCTS; i++) {
                sum += kernel.dot(rows, (long) (i & 15) * LENGTH * Float.BYTES, query, LENGTH);
            }
            long took = System.nanoTime() - start;
            if (sum != 0) {
                throw new IllegalStateException("zeros have the product " + sum);
            }
            return took;
        }
    }
}
