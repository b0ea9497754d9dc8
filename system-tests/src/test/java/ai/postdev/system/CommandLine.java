package ai.postdev.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One call of the command line, in a JVM of its own as a user's shell would make it. */
record CommandLine(int code, String out, String err) {
    static CommandLine run(Path home, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                NodeJvm.classPath(),
                "ai.postdev.app.cli.Main"));
        command.addAll(Arrays.asList(words));
        Path out = Files.createTempFile("cli", ".out");
        Path err = Files.createTempFile("cli", ".err");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("POSTDEVAI_"));
            builder.environment().put("POSTDEVAI_HOME", home.toString());
            builder.environment().put("POSTDEVAI_HEAP", "256m");
            builder.environment().put("POSTDEVAI_EMBEDDER_ENABLED", "false");
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(NodeProcess.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(String.join(" ", words) + " did not end");
            }
            return new CommandLine(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
