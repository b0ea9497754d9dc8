package ai.postdev.app.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.dragon.model.MiniLmEmbedder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AskBenchTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private String run(String... more) {
        List<String> args = new ArrayList<>(List.of(
                folder.resolve("t").toString(),
                "--questions",
                folder.resolve("q").toString(),
                "--per-query"));
        args.addAll(List.of(more));
        out.reset();
        assertEquals(0, AskBench.run(args, new PrintStream(out, true), new PrintStream(err, true)), err::toString);
        return out.toString(StandardCharsets.UTF_8);
    }

    private void write(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void questions() throws IOException {
        write("q/repos.json", "[{\"name\":\"r\",\"language\":\"go\",\"benchmark_root\":\"src\"}]");
        write(
                "q/annotations/r.json",
                "[{\"query\":\"how is a request retried\",\"relevant\":[\"src/retry.go\"]},"
                        + "{\"query\":\"how is a request tried again\",\"relevant\":[\"src/absent.go\"]},"
                        + "{\"query\":\"symbol\",\"relevant\":[\"src/retry.go\"],\"category\":\"symbol\"}]");
        write("t/r/src/retry.go", "package src\n\n// request is retried\nfunc Retry(r Request) {}\n");
        write("t/r/src/again.go", "package src\n\n// a request is tried again later\nfunc Again(r Request) {}\n");
        // the same chunk at another place is embedded once
        write("t/r/src/copy.go", "package src\n\n// request is retried\nfunc Retry(r Request) {}\n");
    }

    @Test
    void itTellsWhereTheNeededFileWasLost() throws IOException {
        questions();
        String printed = run("--text-only");
        assertTrue(printed.contains("CITED           r              how is a request retried"), printed);
        assertTrue(printed.contains("NOT_FOUND       r              how is a request tried again"), printed);
        assertTrue(printed.contains("answerable    2\n     1   50.0 %  a needed file is cited\n"), printed);
        assertTrue(printed.contains("unanswerable  31: 31 refused (100.0 %)"), printed);
    }

    /** Six files of the work itself come before the test that the question needs. */
    @Test
    void aFileThatIsInTheEvidenceAndNotAmongThoseCitedIsBehind() throws IOException {
        write("q/repos.json", "[{\"name\":\"r\",\"language\":\"go\",\"benchmark_root\":\"src\"}]");
        write(
                "q/annotations/r.json",
                "[{\"query\":\"how are tokens renewed\",\"relevant\":[\"src/renewal_test.go\"]},"
                        + "{\"query\":\"how are tokens renewed early\",\"relevant\":[\"src/one.go\"]}]");
        for (String name : List.of("one", "two", "three", "four", "five", "six")) {
            write(
                    "t/r/src/" + name + ".go",
                    "package src\n\n// tokens are renewed " + name + "\nfunc " + name + "() {}\n");
        }
        write("t/r/src/renewal_test.go", "package src\n\n// tokens are renewed\nfunc TestTokens(t T) {}\n");
        String printed = run("--text-only");
        assertTrue(printed.contains("BEHIND          r              how are tokens renewed\n"), printed);
        assertTrue(printed.contains("CITED           r              how are tokens renewed early\n"), printed);
        assertTrue(
                printed.contains("     1   50.0 %  a needed file is in the evidence, behind those cited\n"), printed);
        assertTrue(run("--text-only", "--json").contains("\"cited\":1,\"behind\":1,\"leftOut\":0"), out::toString);
    }

    @Test
    void aTreeMayBeALinkAndAnEmptyOneIsNoTree() throws IOException {
        questions();
        Path tree = folder.resolve("t/r");
        Files.move(tree, folder.resolve("elsewhere"));
        try {
            Files.createSymbolicLink(tree, folder.resolve("elsewhere"));
        } catch (UnsupportedOperationException e) {
            Assumptions.abort("skipped: no links here: " + e.getMessage());
        }
        assertTrue(run("--text-only").contains("CITED           r              how is a request retried"));
        Files.delete(tree);
        Files.createDirectories(tree.resolve("src"));
        List<String> args = List.of(
                folder.resolve("t").toString(),
                "--questions",
                folder.resolve("q").toString(),
                "--text-only");
        assertEquals(5, AskBench.run(args, new PrintStream(out, true), new PrintStream(err, true)));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("no file to read below"), err::toString);
    }

    @Test
    void embeddingsAreMadeAsByTheIngestAndKeptForTheNextRun() throws IOException {
        questions();
        Path kept = folder.resolve("embeddings");
        String first = run("--embeddings", kept.toString());
        assertTrue(first.contains("CITED           r              how is a request retried"), first);
        byte[] bytes = Files.readAllBytes(kept);
        int record = ContentHash.BYTES + MiniLmEmbedder.DIMENSIONS * Float.BYTES;
        int head = ("postdevai embeddings 1 " + MiniLmEmbedder.MODEL + " 384\n").length();
        assertEquals(head + 2 * record, bytes.length, "two different chunks");

        // cut in the middle of the second, as by a run that was ended
        Files.write(kept, Arrays.copyOf(bytes, bytes.length - 5));
        try (KeptEmbeddings cut = KeptEmbeddings.open(kept, MiniLmEmbedder.MODEL, MiniLmEmbedder.DIMENSIONS)) {
            assertEquals(Optional.empty(), cut.of(ContentHash.of("x")));
        }
        assertEquals(head + record, Files.size(kept));
        assertEquals(first, run("--embeddings", kept.toString()));
        assertArrayEquals(bytes, Files.readAllBytes(kept), "the one that was there is not made again");

        IOException other = assertThrows(IOException.class, () -> KeptEmbeddings.open(kept, "another", 384));
        assertTrue(other.getMessage().contains("does not begin with"), other.getMessage());
    }

    @Test
    void whatIsKeptIsGivenBack() throws IOException {
        Path file = folder.resolve("kept");
        ContentHash hash = ContentHash.of("a chunk");
        float[] vector = {1, -0.5f, Float.MIN_VALUE};
        try (KeptEmbeddings kept = KeptEmbeddings.open(file, "m", 3)) {
            kept.add(List.of(new Body.PutEmbedding(hash, "m", vector)));
        }
        try (KeptEmbeddings again = KeptEmbeddings.open(file, "m", 3)) {
            assertArrayEquals(vector, again.of(hash).orElseThrow());
            assertEquals(Optional.empty(), again.of(ContentHash.of("another")));
        }
    }
}
