package ai.postdev.dragon.model.constrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.postdev.dragon.model.engine.EngineFault;
import ai.postdev.dragon.model.engine.Generation;
import ai.postdev.dragon.model.engine.Generation.End;
import ai.postdev.dragon.model.engine.Generation.Finish;
import ai.postdev.dragon.model.engine.Generation.Piece;
import ai.postdev.dragon.model.engine.GenerationRequest;
import ai.postdev.dragon.model.engine.InferenceEngine;
import ai.postdev.dragon.model.engine.LanguageModel;
import ai.postdev.dragon.model.engine.LlamaEngine;
import ai.postdev.dragon.model.engine.LoadRequest;
import ai.postdev.dragon.model.engine.MlxInference;
import ai.postdev.dragon.model.engine.Prompt;
import ai.postdev.dragon.model.engine.Sampling;
import ai.postdev.dragon.model.engine.TinyModel;
import ai.postdev.mlx.MlxLibrary;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What engines really say, drawn at random from a model that knows nothing, obeys its schema: each answer, of each engine. */
class SchemaOnEnginesTest {
    private static final int SCHEMAS = Integer.getInteger("postdevai.schemas.engines", 200);
    /** A step of MLX takes a millisecond of handing over, however small the model is. */
    private static final int SCHEMAS_ON_MLX = Integer.getInteger("postdevai.schemas.engines", 50);

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final JsonSchemaFactory VALIDATORS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    /** A chance that goes on and on is not waited for: another one is taken. */
    private static final int TOKENS_MAX = 300;

    private static final int CHANCES = 20;

    /** Of so many schemas one may have no answer that ends: lists of lists without a bound, drawn by chance. */
    private static final int ENDLESS_ONE_OF = 10;

    @TempDir
    Path dir;

    @Test
    void ofLlamaCpp() throws Exception {
        everyAnswerIsValid(new LlamaEngine(), SCHEMAS);
    }

    @Test
    void ofMlx() throws Exception {
        Optional<String> reason = MlxLibrary.unavailable();
        reason.ifPresent(text -> System.err.println("SKIPPED, NO MLX: " + text));
        assumeTrue(reason.isEmpty(), reason.orElse(""));
        everyAnswerIsValid(new MlxInference(), SCHEMAS_ON_MLX);
    }

    private void everyAnswerIsValid(InferenceEngine engine, int count) throws Exception {
        Random random = ConstrainedOutputTest.random("schemas on " + engine.name());
        RandomSchemas schemas = new RandomSchemas(random);
        Path file = TinyModel.write(dir.resolve("tiny.gguf"), random.nextLong(), false);
        int tokens = 0;
        int unended = 0;
        int endless = 0;
        try (LanguageModel model = engine.load(new LoadRequest(file, TinyModel.CONTEXT, 1, 1))) {
            for (int i = 0; i < count; i++) {
                String schema = schemas.next().toString();
                End end = null;
                StringBuilder text = new StringBuilder();
                for (int chance = 0; chance < CHANCES && (end == null || end.finish() != Finish.STOP); chance++) {
                    unended += chance > 0 ? 1 : 0;
                    text.setLength(0);
                    end = answer(model, schema, random.nextInt(1 << 20), text);
                    tokens += end.usage().answerTokens();
                }
                if (end.finish() != Finish.STOP) {
                    assertEquals(Finish.LENGTH, end.finish(), schema);
                    endless++;
                    System.err.println("no answer of " + TOKENS_MAX + " tokens in " + CHANCES + " chances: " + schema);
                    continue;
                }
                String answer = text.toString();
                Set<ValidationMessage> faults = VALIDATORS.getSchema(schema).validate(JSON.readTree(answer));
                assertTrue(faults.isEmpty(), () -> answer + "\nis not valid: " + faults + "\nof " + schema);
            }
        }
        int ended = count - endless;
        System.out.println(engine.name() + ": " + ended + " answers of " + ended + " schemas are valid, " + tokens
                + " tokens, " + unended + " chances that had no end, " + endless + " schemas without an answer");
        assertTrue(endless * ENDLESS_ONE_OF <= count, endless + " of " + count + " schemas have no answer");
    }

    private static End answer(LanguageModel model, String schema, int seed, StringBuilder text) throws EngineFault {
        GenerationRequest request = new GenerationRequest(
                new Prompt.Text("JSON"),
                TOKENS_MAX,
                new Sampling(1, 0, 1, 0, 1, OptionalInt.of(seed)),
                List.of(),
                Optional.of(schema),
                "");
        try (Generation generation = model.open(request)) {
            while (true) {
                switch (generation.next()) {
                    case Piece(String piece) -> text.append(piece);
                    case End end -> {
                        return end;
                    }
                }
            }
        }
    }
}
