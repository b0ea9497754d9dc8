package ai.postdev.app.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SembleBenchTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) {
        return SembleBench.run(List.of(args), new PrintStream(out, true), new PrintStream(err, true));
    }

    private void write(String path, String text) throws Exception {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void scoresTheProductsOwnSearchOverATree() throws Exception {
        write(
                "q/repos.json",
                "[{\"name\":\"r\",\"language\":\"go\",\"benchmark_root\":\"src\"},{\"name\":\"absent\"}]");
        write(
                "q/annotations/r.json",
                "[{\"query\":\"Router\",\"relevant\":[\"src/router.go\"],\"secondary\":[],\"category\":\"symbol\"},"
                        + "{\"query\":\"how is a request retried\",\"relevant\":"
                        + "[{\"path\":\"src/retry.go\",\"start_line\":1,\"end_line\":3}]}]");
        write("q/annotations/absent.json", "[]");
        write("t/r/src/router.go", "package src\n\ntype Router struct {\n}\n");
        write("t/r/src/retry.go", "package src\n\n// request is retried\nfunc Retry(r Request) {}\n");
        write("t/r/src/README.md", "Router Router request retried\n");
        write("t/r/other/router.go", "type Router struct {}\n");
        assertEquals(
                0,
                run(
                        folder.resolve("t").toString(),
                        "--questions",
                        folder.resolve("q").toString(),
                        "--text-only"));
        String printed = out.toString(StandardCharsets.UTF_8);
        assertTrue(printed.contains("r                1.0000  (2 questions, 2 files"), printed);
        assertTrue(printed.contains("read and indexed in "), printed);
        assertTrue(printed.contains("architecture   1.0000") && printed.contains("symbol         1.0000"), printed);
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("absent is left out"));
    }

    @Test
    void refusesWrongUseAndMissingQuestions() {
        assertEquals(2, run());
        assertEquals(2, run("a", "--nonsense"));
        assertEquals(5, run(folder.toString()));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("--questions"));
    }
}
