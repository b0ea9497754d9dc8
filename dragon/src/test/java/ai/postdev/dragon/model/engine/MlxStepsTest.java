package ai.postdev.dragon.model.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.model.constrain.SchemaSettings;
import ai.postdev.dragon.model.engine.Generation.End;
import ai.postdev.dragon.model.engine.Generation.Finish;
import ai.postdev.dragon.model.engine.Generation.Piece;
import ai.postdev.dragon.model.prefix.PrefixSettings;
import ai.postdev.mlx.MlxEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The loop of steps on a model so small that a step takes no time. */
class MlxStepsTest {
    private static final Sampling RANDOM = new Sampling(1, 0, 1, 0, 1, OptionalInt.of(7));

    @TempDir
    static Path dir;

    private static Path file;

    @BeforeAll
    static void write() throws Exception {
        MlxInferenceTest.requireMlx();
        file = TinyModel.write(dir.resolve("tiny.gguf"), 1, false);
    }

    @AfterAll
    static void nothingIsLeft() {
        assertEquals(0, MlxEngine.liveHandles());
    }

    private static StepSettings tuning(int shared, int ahead, long prefixBytes) {
        return new StepSettings(
                32,
                shared,
                ahead,
                prefixBytes,
                StepSettings.shipped().parts(),
                new PrefixSettings(8, 256, 16, Duration.ofMinutes(10)),
                new SchemaSettings(5_000, 64, 2_000, 256));
    }

    private static LanguageModel load(int sequences, StepSettings tuning) throws EngineFault {
        return new MlxInference().load(new LoadRequest(file, TinyModel.CONTEXT, sequences, 1, tuning));
    }

    static GenerationRequest request(String prompt, int maxTokens, Sampling sampling, String... stops) {
        return new GenerationRequest(
                new Prompt.Text(prompt), maxTokens, sampling, List.of(stops), Optional.empty(), "");
    }

    record Answer(String text, End end) {}

    static Answer answer(Generation generation) throws EngineFault {
        StringBuilder text = new StringBuilder();
        try (generation) {
            while (true) {
                switch (generation.next()) {
                    case Piece(String piece) -> text.append(piece);
                    case End end -> {
                        return new Answer(text.toString(), end);
                    }
                }
            }
        }
    }

    private static Sampling seeded(int seed) {
        return new Sampling(1, 40, 0.95f, 0, 1.1f, OptionalInt.of(seed));
    }

    /** Whatever comes and goes beside it, in whatever steps its prompt is read, an answer is what it is alone. */
    @Test
    void answersDoNotDependOnWhatRunsBesideThem() throws Exception {
        // Always the same requests: sums in another order differ in their last bits, and somewhere that decides a draw.
        Random random = new Random(11);
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            requests.add(request("word ".repeat(1 + random.nextInt(30)) + i, 1 + random.nextInt(60), seeded(i)));
        }
        List<String> alone = new ArrayList<>();
        try (LanguageModel model = load(1, tuning(32, 4, 0))) {
            for (GenerationRequest request : requests) {
                alone.add(answer(model.open(request)).text());
            }
        }
        assertTrue(alone.stream().distinct().count() > 12, alone.toString());
        try (LanguageModel model = load(5, tuning(3, 2, 1 << 20))) {
            List<CompletableFuture<Answer>> together = requests.stream()
                    .map(request -> CompletableFuture.supplyAsync(() -> {
                        try {
                            return answer(model.open(request));
                        } catch (EngineFault e) {
                            throw new AssertionError(e);
                        }
                    }))
                    .toList();
            assertEquals(alone, together.stream().map(one -> one.join().text()).toList());
        }
    }

    @Test
    void theSameSeedGivesTheSameAndAnotherSeedAnother() throws Exception {
        try (LanguageModel model = load(1, tuning(16, 16, 0))) {
            String one = answer(model.open(request("Once", 40, seeded(1)))).text();
            assertEquals(one, answer(model.open(request("Once", 40, seeded(1)))).text());
            assertNotEquals(
                    one, answer(model.open(request("Once", 40, seeded(2)))).text());
        }
    }

    @Test
    void whatWasReadIsNotReadAgainAndChangesNothing() throws Exception {
        String beginning = "the same beginning of all prompts ".repeat(4);
        try (LanguageModel model = load(2, tuning(16, 16, 64 << 20));
                LanguageModel without = load(1, tuning(16, 16, 0))) {
            for (int i = 0; i < 6; i++) {
                Answer cached = answer(model.open(request(beginning + i, 20, seeded(i))));
                Answer read = answer(without.open(request(beginning + i, 20, seeded(i))));
                assertEquals(read.text(), cached.text());
                assertEquals(0, read.end().usage().cachedTokens());
                int tokens = model.tokens(beginning);
                int found = cached.end().usage().cachedTokens();
                assertTrue(i == 0 ? found == 0 : found >= tokens && found <= tokens + 2, i + ": " + found);
            }
            // A conversation goes on: its own answer is in the cache too.
            Answer first = answer(model.open(request(beginning + "!", 20, RANDOM)));
            Answer second = answer(model.open(request(beginning + "!" + first.text() + " more", 5, RANDOM)));
            assertTrue(
                    second.end().usage().cachedTokens() > first.end().usage().promptTokens(),
                    first.end() + " " + second.end());
        }
    }

    @Test
    void whatIsKeptStaysWithinItsBytes() throws Exception {
        // A block of 256 tokens takes 256 * 2 layers * 2 * 2 heads * 8 * 4 bytes = 64 kB: three are kept.
        try (LanguageModel model = load(1, tuning(16, 16, 200_000))) {
            for (int i = 0; i < 12; i++) {
                answer(model.open(request(i + " another beginning of a prompt each time ".repeat(3), 3, RANDOM)));
            }
            long bytes;
            try (MlxEngine engine =
                    MlxEngine.open(new ai.postdev.mlx.MlxSettings(ai.postdev.mlx.MlxDevice.BEST, 1, 0, 32, false))) {
                bytes = engine.memory().active();
            }
            assertTrue(bytes < 200_000 + 2 * weights(), bytes + " bytes, weights " + weights());
        }
    }

    @Test
    void whatIsKeptComesBackWhenItIsAskedForTheLeastUsedFirst() throws Exception {
        String often = "a beginning that is asked for again and again ".repeat(3);
        String once = "another one that is not " + "x".repeat(120);
        try (LanguageModel model = load(2, tuning(16, 16, 64 << 20));
                LanguageModel without = load(1, tuning(16, 16, 0))) {
            assertEquals(0, model.trimmable());
            Answer first = answer(model.open(request(once, 20, seeded(1))));
            for (int i = 0; i < 4; i++) {
                answer(model.open(request(often + i, 20, seeded(i))));
            }
            long kept = settled(model);
            assertTrue(kept > 0, kept + " bytes");
            assertTrue(model.trim(1) > 0, "whole blocks come back");
            assertEquals(
                    0,
                    answer(model.open(request(once, 20, seeded(1))))
                            .end()
                            .usage()
                            .cachedTokens());
            assertTrue(answer(model.open(request(often + 9, 20, seeded(9))))
                            .end()
                            .usage()
                            .cachedTokens()
                    > 0);
            try (Generation beside = model.open(request("Once", 400, seeded(5)))) {
                Piece begun = assertInstanceOf(Piece.class, beside.next());
                assertTrue(model.trim(Long.MAX_VALUE) > 0);
                assertEquals(
                        answer(without.open(request("Once", 400, seeded(5)))).text(),
                        begun.text() + answer(beside).text(),
                        "what is being made goes on");
                model.trim(Long.MAX_VALUE);
            }
            Answer again = answer(model.open(request(once, 20, seeded(1))));
            assertEquals(0, again.end().usage().cachedTokens(), "nothing is kept any more");
            assertEquals(first.text(), again.text());
        }
    }

    /** What can be given back, once the loop has gone round after the last answer. */
    private static long settled(LanguageModel model) throws EngineFault {
        model.trim(0);
        return model.trimmable();
    }

    private static long weights() {
        return file.toFile().length();
    }

    @Test
    void aCancelEndsAnswersThatAreMadeThatWaitAndWhosePromptIsRead() throws Exception {
        try (LanguageModel model = load(1, tuning(16, 4, 0))) {
            Generation running = model.open(request("Once", 3_000, RANDOM));
            Generation waiting = model.open(request("Twice", 3_000, RANDOM));
            assertInstanceOf(Piece.class, running.next());
            waiting.cancel();
            assertEquals(Finish.CANCELLED, ((End) waiting.next()).finish());
            running.cancel();
            End end = (End) running.next();
            assertEquals(Finish.CANCELLED, end.finish());
            assertTrue(end.usage().answerTokens() >= 1 && end.usage().answerTokens() <= 4, end.toString());
            Generation reading = model.open(request("word ".repeat(700), 10, RANDOM));
            reading.cancel();
            assertEquals(Finish.CANCELLED, ((End) reading.next()).finish());
            Generation left = model.open(request("word ".repeat(700), 10, RANDOM));
            left.close();
            waiting.close();
            running.close();
            assertFalse(answer(model.open(request("Once", 5, RANDOM))).text().isEmpty());
        }
    }

    @Test
    void whoDoesNotPullHoldsNothingUp() throws Exception {
        try (LanguageModel model = load(2, tuning(16, 2, 0))) {
            try (Generation idle = model.open(request("Once", 3_000, RANDOM))) {
                for (int i = 0; i < 3; i++) {
                    assertNotEquals(
                            Finish.CANCELLED,
                            answer(model.open(request("a", 30, seeded(i))))
                                    .end()
                                    .finish());
                }
                assertInstanceOf(Piece.class, idle.next());
            }
        }
    }

    @Test
    void logitsThatAreNoNumbersAreAFaultAndNotAnAnswer() throws Exception {
        Path broken = TinyModel.write(dir.resolve("broken.gguf"), 1, true);
        try (LanguageModel model =
                new MlxInference().load(new LoadRequest(broken, TinyModel.CONTEXT, 2, 1, tuning(16, 16, 1 << 20)))) {
            GenerationRequest sound = request("Once", 60, seeded(3));
            Answer alone = answer(model.open(sound));
            // Who is in the same step does not end with it.
            try (Generation beside = model.open(sound)) {
                for (int i = 0; i < 3; i++) {
                    try (Generation one = model.open(request("Twice ~", 5, RANDOM))) {
                        EngineFault fault = assertThrows(EngineFault.class, one::next);
                        assertEquals(EngineFault.Kind.FAILED, fault.kind());
                        assertTrue(fault.getMessage().contains("NaN"), fault.getMessage());
                    }
                }
                assertEquals(alone.text(), answer(beside).text());
            }
        }
    }

    @Test
    void closingTheModelEndsWhatIsUnderWayWithAFault() throws Exception {
        LanguageModel model = load(1, tuning(16, 2, 0));
        Generation running = model.open(request("Once", 3_000, RANDOM));
        Generation waiting = model.open(request("Twice", 3_000, RANDOM));
        assertInstanceOf(Piece.class, running.next());
        model.close();
        assertThrows(EngineFault.class, waiting::next);
        EngineFault closed = assertThrows(EngineFault.class, () -> {
            while (running.next() instanceof Piece) {
                // what was ready is still told
            }
        });
        assertTrue(closed.getMessage().contains("closed"), closed.getMessage());
    }

    @Test
    void aSchemaGoesOnWithWhatWasBegun() throws Exception {
        String schema = "{\"type\":\"object\",\"properties\":{\"a\":{\"enum\":[\"yes\",\"no\"]}},\"required\":[\"a\"],"
                + "\"additionalProperties\":false}";
        try (LanguageModel model = load(1, tuning(16, 2, 0))) {
            GenerationRequest asked = new GenerationRequest(
                    new Prompt.Text("x"), 100, RANDOM, List.of(), Optional.of(schema), "{\"a\":\"y");
            assertTrue(answer(model.open(asked)).text().startsWith("es\""));
            EngineFault fault = assertThrows(
                    EngineFault.class,
                    () -> model.open(new GenerationRequest(
                            new Prompt.Text("x"), 100, RANDOM, List.of(), Optional.of(schema), "{\"b\"")));
            assertEquals(EngineFault.Kind.BAD_REQUEST, fault.kind());
            assertThrows(
                    EngineFault.class,
                    () -> model.open(new GenerationRequest(
                            new Prompt.Text("x"), 9, RANDOM, List.of(), Optional.of("{\"not\":{}}"), "")));
        }
    }
}
