package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.Operation;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Starts a small virtual machine with the journal on its class path. */
final class ChildJvm {
    private ChildJvm() {}

    /** A process that runs {@code main}; the options come before it, the arguments after. */
    static ProcessBuilder of(Class<?> main, List<String> options, String... arguments) throws URISyntaxException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(main), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    /** Only what the child needs, found by where its classes come from: the shorter, the faster it starts. */
    private static String classPath(Class<?> main) throws URISyntaxException {
        Set<String> places = new LinkedHashSet<>();
        for (Class<?> one : List.of(
                main,
                Journal.class,
                Operation.class,
                org.rocksdb.RocksDB.class,
                com.github.luben.zstd.Zstd.class,
                com.google.protobuf.ByteString.class,
                com.typesafe.config.Config.class,
                org.junit.jupiter.api.Assertions.class,
                ai.postdev.cluster.SafeFiles.class,
                org.slf4j.Logger.class)) {
            places.add(Path.of(one.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString());
        }
        return String.join(System.getProperty("path.separator"), places);
    }
}
