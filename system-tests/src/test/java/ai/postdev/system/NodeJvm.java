package ai.postdev.system;

import ai.postdev.app.BootVectors;
import ai.postdev.app.NodeMain;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.RememberRequest;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.ShowRequest;
import ai.postdev.v1.StopRequest;
import ai.postdev.v1.TimelineRequest;
import ai.postdev.v1.UpRequest;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The JVM that tests start nodes with: the class path of the tests with its folders packed into jars, and an AOT cache
 * that one node wrote down at its end, as the launcher makes one for users. Made once for a run of the tests; a start
 * then takes about half the time. Without a cache all works, only slower.
 */
final class NodeJvm {
    private static final List<String> OPTIONS = List.of(
            "-Xmx384m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-modules=jdk.incubator.vector",
            "-Djdk.nio.file.WatchService.maxEventsPerPoll=100000",
            "-Dai.djl.offline=true",
            "-DOPT_OUT_TRACKING=true",
            "-Xlog:disable",
            "-Xlog:all=error:stderr");
    /** Nodes of tests live too short to earn back what the better compiler costs. */
    private static final String QUICK_COMPILER = "-XX:TieredStopAtLevel=1";

    private static NodeJvm warm; // guarded by the class

    private final Path options;
    private final String classPath;
    private final List<String> cache;

    private NodeJvm(Path options, String classPath, List<String> cache) {
        this.options = options;
        this.classPath = classPath;
        this.cache = cache;
    }

    /** The JVM of this run of the tests; the first call takes a quarter of a minute. */
    static synchronized NodeJvm warm() throws IOException {
        if (warm == null) {
            Path folder = Files.createTempDirectory("postdevai-jvm-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            try {
                warm = rehearsed(folder);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
        return warm;
    }

    /** The command that starts {@code main} with these system properties. */
    List<String> command(Class<?> main, Map<String, String> settings) {
        List<String> command = new ArrayList<>();
        command.addAll(List.of(java(), "@" + options, QUICK_COMPILER));
        command.addAll(cache);
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-cp", classPath, main.getName()));
        return command;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The options as a file, with the Vector API where the launcher puts it too, as nodes start faster so. */
    private static Path options(Path folder, String classPath) throws IOException, InterruptedException {
        Path options = Files.write(folder.resolve("node.options"), OPTIONS);
        Files.writeString(folder.resolve("node.classpath"), classPath);
        Path said = folder.resolve("vectors.log");
        Process vectors = new ProcessBuilder(
                        java(),
                        "-XX:+UseSerialGC",
                        QUICK_COMPILER,
                        "-cp",
                        classPath,
                        BootVectors.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        if (vectors.waitFor() != 0) {
            System.out.println("nodes start slower: " + Files.readString(said));
        }
        return options;
    }

    private static NodeJvm rehearsed(Path folder) throws IOException, InterruptedException {
        String classPath = packed(folder);
        Path options = options(folder, classPath);
        Path cache = folder.resolve("node.aot");
        Path sample = Files.createDirectories(folder.resolve("sample"));
        Files.writeString(sample.resolve("Sample.java"), "class Sample {\n    int rehearsed() { return 1; }\n}\n");
        NodeProcess node = NodeProcess.start(
                new NodeJvm(options, classPath, List.of("-XX:AOTCacheOutput=" + cache)),
                NodeMain.class,
                folder.resolve("home"),
                Map.of(),
                Map.of("POSTDEVAI_EMBEDDER_ENABLED", "false"));
        try (NodeClient client = node.client()) {
            client.up(UpRequest.newBuilder().addPaths(sample.toString()).build(), NodeProcess.PATIENCE, _ -> {});
            client.search(SearchRequest.newBuilder().setQuery("rehearsed").build());
            client.show(ShowRequest.newBuilder().setPath("Sample.java").build());
            client.remember(RememberRequest.newBuilder().setText("rehearsed").build());
            client.timeline(TimelineRequest.getDefaultInstance());
            client.stop(StopRequest.getDefaultInstance());
            node.exitCode();
        } catch (ClientFault e) {
            throw new IOException("the node for the AOT cache failed: " + node.log(), e);
        } finally {
            node.forget();
        }
        if (!Files.exists(cache)) {
            System.out.println("no AOT cache was made; nodes start slower:\n" + node.log());
            return new NodeJvm(options, classPath, List.of());
        }
        return new NodeJvm(options, classPath, List.of("-XX:AOTCache=" + cache));
    }

    /** The class path of the tests, every folder in it as a jar: the JVM caches no classes from folders. */
    private static String packed(Path folder) throws IOException {
        List<String> entries = new ArrayList<>();
        for (String entry : classPath().split(File.pathSeparator)) {
            Path path = Path.of(entry);
            if (!Files.isDirectory(path)) {
                entries.add(entry);
            } else {
                Path jar = folder.resolve("folder-" + entries.size() + ".jar");
                pack(path, jar);
                entries.add(jar.toString());
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    private static void pack(Path folder, Path jar) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream packed = new JarOutputStream(out);
                Stream<Path> walk = Files.walk(folder)) {
            packed.setLevel(0);
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                packed.putNextEntry(
                        new JarEntry(folder.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, packed);
                packed.closeEntry();
            }
        }
    }

    /** A runner that loads the tests by a loader of its own does not say so in the class path of the JVM. */
    static String classPath() {
        if (NodeJvm.class.getClassLoader() instanceof URLClassLoader loader) {
            return Arrays.stream(loader.getURLs())
                    .map(url -> new File(URI.create(url.toString())).getPath())
                    .filter(path -> Files.exists(Path.of(path)))
                    .collect(Collectors.joining(File.pathSeparator));
        }
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static void delete(Path folder) {
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            System.err.println("left behind: " + folder + ": " + e);
        }
    }
}
