package ai.postdev.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.postdev.app.NodeMain;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first question on a fresh machine, as a person asks it: the model comes by itself, and the answer has its places. */
class AskTest {
    @TempDir
    static Path dir;

    private static NodeProcess node;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(hasPip(), "NO LANGUAGE MODEL: python3 with pip is not here");
        GitRepository repository = GitRepository.create(dir.resolve("project"));
        repository.write("src/Cache.java", """
                        /** Keeps prices. The cache is cleared when the schema changes, because stale prices cost money. */
                        class Cache {
                            void clearCache() { prices.clear(); }
                        }
                        """).write("src/Retry.java", """
                        /** Retries failed requests three times with a growing pause. */
                        class Retry {
                            void retry(Request request) { pause(1 << attempt); send(request); }
                        }
                        """).commit("first");
        node = NodeProcess.start(
                NodeMain.class, dir.resolve("home"), Map.of(), Map.of("POSTDEVAI_EMBEDDER_ENABLED", "false"));
        node.up();
        CommandLine up = run("up", repository.root().toString());
        assertEquals(0, up.code(), up.err());
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (node != null) {
            node.close();
        }
    }

    private static boolean hasPip() throws InterruptedException {
        try {
            Process pip = new ProcessBuilder("python3", "-m", "pip", "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return pip.waitFor(60, TimeUnit.SECONDS) && pip.exitValue() == 0;
        } catch (IOException _) {
            return false;
        }
    }

    private static CommandLine run(String... words) throws Exception {
        return CommandLine.run(dir.resolve("home"), words);
    }

    @Test
    void theModelComesAndAnswersWithPlacesThatExist() throws Exception {
        CommandLine first = run("ask", "why is the cache cleared when the schema changes?", "--json");
        assertEquals(0, first.code(), first.err());
        assertTrue(first.err().contains("fetching it once"), first.err());
        JsonObject answer = JsonParser.parseString(first.out()).getAsJsonObject();
        assertFalse(answer.get("answer").getAsString().isBlank(), first.out());
        assertEquals("smollm2-135m", answer.get("model").getAsString());
        assertTrue(answer.get("reason").getAsString().contains("llama.cpp"), first.out());
        List<JsonElement> citations = answer.getAsJsonArray("citations").asList();
        assertEquals(
                "src/Cache.java",
                citations.getFirst().getAsJsonObject().get("path").getAsString());
        for (JsonElement citation : citations) {
            Path file = dir.resolve("project")
                    .resolve(citation.getAsJsonObject().get("path").getAsString());
            int end = citation.getAsJsonObject().get("endLine").getAsInt();
            assertTrue(Files.readAllLines(file).size() >= end, first.out());
        }
        CommandLine second = run("ask", "how are failed requests retried?");
        assertEquals(0, second.code(), second.err());
        assertFalse(second.err().contains("fetching"), second.err());
        assertTrue(second.out().contains("src/Retry.java:"), second.out());
        CommandLine listed = run("models", "list", "--json");
        assertTrue(listed.out().contains("\"usedBy\":\"slot smollm2-135m"), listed.out());
        assertEquals(4, run("models", "rm", "smollm2-135m").code(), "a model in use stays");
    }

    @Test
    void whatNobodyKnowsIsNotMadeUp() throws Exception {
        CommandLine none = run("ask", "how is the payroll tax of employees computed in Portugal?", "--no-model");
        assertEquals(1, none.code(), none.out());
        assertTrue(none.out().startsWith("Nothing relevant was found."), none.out());
        CommandLine evidence = run("ask", "why is the cache cleared?", "--no-model", "--json");
        assertEquals(0, evidence.code(), evidence.err());
        assertTrue(evidence.out().contains("src/Cache.java"), evidence.out());
    }
}
