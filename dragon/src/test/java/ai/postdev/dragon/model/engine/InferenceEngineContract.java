package ai.postdev.dragon.model.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.model.engine.Generation.End;
import ai.postdev.dragon.model.engine.Generation.Finish;
import ai.postdev.dragon.model.engine.Generation.Piece;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What every engine that generates must do, on a real model. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class InferenceEngineContract {
    private static final int CONTEXT = 512;

    @TempDir
    static Path dir;

    private LanguageModel model;

    abstract InferenceEngine engine();

    /** A small model that follows instructions. */
    abstract Path file() throws IOException;

    @BeforeAll
    void load() throws Exception {
        model = engine().load(new LoadRequest(file(), CONTEXT, 2, 1));
    }

    @AfterAll
    void close() {
        if (model != null) {
            model.close();
        }
    }

    record Answer(String text, End end) {}

    static GenerationRequest chat(String question, int maxTokens) {
        return new GenerationRequest(
                new Prompt.Chat(List.of(
                        new Message(Message.Role.SYSTEM, "You answer in one short sentence."),
                        new Message(Message.Role.USER, question))),
                maxTokens,
                Sampling.GREEDY,
                List.of(),
                Optional.empty(),
                "");
    }

    private static GenerationRequest text(String prompt, int maxTokens, String... stops) {
        return new GenerationRequest(
                new Prompt.Text(prompt), maxTokens, Sampling.GREEDY, List.of(stops), Optional.empty(), "");
    }

    private Answer answer(GenerationRequest request) throws EngineFault {
        StringBuilder text = new StringBuilder();
        try (Generation generation = model.open(request)) {
            while (true) {
                switch (generation.next()) {
                    case Piece(String piece) -> {
                        assertFalse(piece.isEmpty());
                        text.append(piece);
                    }
                    case End end -> {
                        return new Answer(text.toString(), end);
                    }
                }
            }
        }
    }

    @Test
    void itAnswersWithTheModelsOwnTemplateTheSameEachTime() throws Exception {
        Answer first = answer(chat("What is the capital of France?", 40));
        assertTrue(first.text().contains("Paris"), first.text());
        assertEquals(Finish.STOP, first.end().finish());
        assertTrue(first.end().usage().promptTokens() > 10, first.toString());
        assertTrue(first.end().usage().answerTokens() > 0 && first.end().usage().answerTokens() < 40, first.toString());
        assertTrue(first.end().usage().prefillNanos() > 0 && first.end().usage().decodeNanos() > 0);
        assertEquals(
                first.text(), answer(chat("What is the capital of France?", 40)).text());
        assertFalse(first.text().contains("<|im_end|>"), first.text());
    }

    @Test
    void whatItGivesBackChangesNoAnswer() throws Exception {
        String before = answer(chat("What is the capital of Norway?", 24)).text();
        assertTrue(model.trimmable() >= 0);
        assertTrue(model.trim(Long.MAX_VALUE) >= 0);
        Answer after = answer(chat("What is the capital of Norway?", 24));
        assertEquals(before, after.text());
        assertEquals(0, after.end().usage().cachedTokens());
    }

    @Test
    void itSaysThatItGenerates() {
        assertTrue(engine().capabilities().contains(InferenceEngine.Capability.GENERATE));
        assertEquals(engine().name(), model.facts().engine());
    }

    @Test
    void theMostTokensThatWereAskedForEndIt() throws Exception {
        Answer answer = answer(text("One, two, three, four, five,", 7));
        assertEquals(Finish.LENGTH, answer.end().finish());
        assertEquals(7, answer.end().usage().answerTokens());
        assertEquals(7, model.tokens(answer.text()), answer.text());
    }

    @Test
    void aStopTextEndsItAndIsNoPartOfIt() throws Exception {
        String whole = answer(text("One, two, three, four, five,", 20)).text();
        String stop = whole.substring(6, 9);
        Answer answer = answer(text("One, two, three, four, five,", 20, stop));
        assertEquals(Finish.STOP, answer.end().finish());
        assertEquals(whole.substring(0, whole.indexOf(stop)), answer.text());
    }

    @Test
    void whatRunsBesideItChangesNothing() throws Exception {
        List<String> questions = List.of("What is the capital of Italy?", "Name a colour.");
        List<String> alone = new ArrayList<>();
        for (String question : questions) {
            alone.add(answer(chat(question, 24)).text());
        }
        List<CompletableFuture<String>> together = questions.stream()
                .map(question -> CompletableFuture.supplyAsync(() -> {
                    try {
                        return answer(chat(question, 24)).text();
                    } catch (EngineFault e) {
                        throw new AssertionError(e);
                    }
                }))
                .toList();
        assertEquals(alone, together.stream().map(CompletableFuture::join).toList());
    }

    /** The second one's first token comes before the first one's last. */
    @Test
    void asManyAreMadeAtATimeAsThereAreSequences() throws Exception {
        try (Generation longer = model.open(text("Once upon a time there was", 60))) {
            CompletableFuture<End> first = CompletableFuture.supplyAsync(() -> end(longer));
            try (Generation other = model.open(text("One, two, three, four, five,", 4))) {
                Generation.Usage second = end(other).usage();
                Generation.Usage whole = first.join().usage();
                assertTrue(
                        second.prefillNanos() < whole.prefillNanos() + whole.decodeNanos(),
                        second + " beside " + whole);
            }
        }
    }

    private static End end(Generation generation) {
        try {
            Generation.Step step = generation.next();
            while (step instanceof Piece) {
                step = generation.next();
            }
            return (End) step;
        } catch (EngineFault e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aCancelEndsItAndFreesItsSequence() throws Exception {
        for (int i = 0; i < 5; i++) {
            try (Generation generation = model.open(text("Once upon a time there was", 400))) {
                assertTrue(generation.next() instanceof Piece);
                generation.cancel();
                End end = (End) generation.next();
                assertEquals(Finish.CANCELLED, end.finish());
            }
            try (Generation left = model.open(text("Once upon a time there was", 400))) {
                assertTrue(left.next() instanceof Piece);
            }
        }
        assertTrue(answer(chat("What is the capital of France?", 40)).text().contains("Paris"));
    }

    @Test
    void whatDoesNotFitTheContextIsRefusedWithTheNumbers() {
        EngineFault prompt = assertThrows(EngineFault.class, () -> model.open(text("word ".repeat(600), 10)));
        assertEquals(EngineFault.Kind.TOO_LONG, prompt.kind());
        assertTrue(prompt.getMessage().contains("" + CONTEXT), prompt.getMessage());
        EngineFault answer = assertThrows(EngineFault.class, () -> model.open(text("word ".repeat(400), 300)));
        assertEquals(EngineFault.Kind.TOO_LONG, answer.kind());
        assertTrue(answer.getMessage().contains("300"), answer.getMessage());
    }

    @Test
    void anEmptyPromptIsRefused() {
        assertEquals(
                EngineFault.Kind.BAD_REQUEST,
                assertThrows(EngineFault.class, () -> model.open(text("  ", 10)))
                        .kind());
        assertEquals(
                EngineFault.Kind.BAD_REQUEST,
                assertThrows(
                                EngineFault.class,
                                () -> model.open(new GenerationRequest(
                                        new Prompt.Chat(List.of()),
                                        10,
                                        Sampling.GREEDY,
                                        List.of(),
                                        Optional.empty(),
                                        "")))
                        .kind());
    }

    @Test
    void aSchemaIsObeyed() throws Exception {
        GenerationRequest plain = chat("Which city is the capital of France, and how many letters has its name?", 200);
        Answer answer = answer(new GenerationRequest(
                plain.prompt(), plain.maxTokens(), plain.sampling(), plain.stops(), Optional.of("""
                        {"type": "object", "properties": {"city": {"type": "string", "maxLength": 20},
                        "letters": {"type": "integer", "minimum": 0, "maximum": 99}},
                        "required": ["city", "letters"], "additionalProperties": false}
                        """), ""));
        JsonObject object = JsonParser.parseString(answer.text()).getAsJsonObject();
        assertEquals(2, object.size(), answer.text());
        assertTrue(object.get("city").getAsJsonPrimitive().isString(), answer.text());
        assertTrue(object.get("letters").getAsJsonPrimitive().isNumber(), answer.text());
    }

    @Test
    void tokensAddUp() throws Exception {
        assertEquals(0, model.tokens(""));
        int one = model.tokens("The quick brown fox.");
        assertTrue(one >= 4 && one <= 8, "" + one);
        assertTrue(model.tokens("déjà vu 🦊 " + "x".repeat(100)) > one);
    }

    @Test
    void whatIsNoModelIsRefusedWithWhatItIs() throws Exception {
        Path text = Files.writeString(dir.resolve("text.gguf"), "this is no model at all");
        EngineFault none = assertThrows(EngineFault.class, () -> engine().load(new LoadRequest(text, 128, 1, 1)));
        assertEquals(EngineFault.Kind.BAD_MODEL, none.kind());
        byte[] whole = new byte[1 << 20];
        try (var stream = Files.newInputStream(file())) {
            assertEquals(whole.length, stream.readNBytes(whole, 0, whole.length));
        }
        Path cut = Files.write(dir.resolve("cut.gguf"), whole);
        EngineFault half = assertThrows(EngineFault.class, () -> engine().load(new LoadRequest(cut, 128, 1, 1)));
        assertEquals(EngineFault.Kind.BAD_MODEL, half.kind());
        assertTrue(half.getMessage().contains("cut.gguf"), half.getMessage());
        assertThrows(EngineFault.class, () -> engine().load(new LoadRequest(dir.resolve("absent.gguf"), 128, 1, 1)));
    }
}
