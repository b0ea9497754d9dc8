package ai.postdev.mlx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Without its tools the build of the native half says what is missing and goes on. */
@DisabledOnOs(OS.WINDOWS)
class BuildScriptTest {
    private static final List<String> BASIC =
            List.of("sh", "uname", "dirname", "basename", "mkdir", "cat", "cksum", "rm", "mv", "cp", "cmp", "tail");

    @TempDir
    Path folder;

    private record Ended(int code, String text, String missing) {}

    private Ended build(Map<String, String> environment, String... tools) throws IOException, InterruptedException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        for (String tool : Stream.concat(BASIC.stream(), Stream.of(tools)).toList()) {
            Files.createSymbolicLink(bin.resolve(tool), found(tool));
        }
        ProcessBuilder builder = new ProcessBuilder(
                        "mlx/build",
                        folder.resolve("classes").toString(),
                        folder.resolve("work").toString())
                .redirectErrorStream(true);
        builder.environment().put("PATH", bin.toString());
        builder.environment().put("POSTDEVAI_CACHE", folder.resolve("cache").toString());
        builder.environment().remove("POSTDEVAI_MLX");
        builder.environment().putAll(environment);
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        try (Stream<Path> links = Files.list(bin)) {
            for (Path link : links.toList()) {
                Files.delete(link);
            }
        }
        Path missing = folder.resolve("classes/ai/postdev/mlx/native/missing");
        return new Ended(code, text, Files.exists(missing) ? Files.readString(missing) : "");
    }

    private static Path found(String tool) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(part -> Path.of(part, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aMissingToolIsNamedAndTheBuildGoesOn() throws IOException, InterruptedException {
        Ended ended = build(Map.of());
        assertEquals(0, ended.code(), ended.text());
        assertTrue(ended.text().contains("MLX is left out of this build: python3 is missing"), ended.text());
        assertTrue(ended.missing().contains("python3 is missing"), ended.missing());
    }

    @Test
    void whoRequiresMlxGetsAnError() throws IOException, InterruptedException {
        assertEquals(1, build(Map.of("POSTDEVAI_MLX", "required")).code());
    }

    @Test
    void mlxCanBeLeftOut() throws IOException, InterruptedException {
        Ended ended = build(Map.of("POSTDEVAI_MLX", "off"));
        assertEquals(0, ended.code());
        assertFalse(ended.text().contains("left out"), ended.text());
        assertTrue(ended.missing().contains("asked for that"), ended.missing());
    }
}
