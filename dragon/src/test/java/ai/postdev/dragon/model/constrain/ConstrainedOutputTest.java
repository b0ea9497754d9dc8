package ai.postdev.dragon.model.constrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.gson.JsonObject;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import com.typesafe.config.ConfigFactory;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever is let through is valid, says a validator that we did not write. */
class ConstrainedOutputTest {
    static final SchemaSettings SHIPPED =
            SchemaSettings.from(ConfigFactory.parseResources("reference.conf").resolve());
    private static final int SCHEMAS = Integer.getInteger("postdevai.schemas", 250);
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final JsonSchemaFactory VALIDATORS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    static Random random(String test) {
        long seed = Long.getLong("postdevai.seed", System.nanoTime());
        System.out.println(test + ": -Dpostdevai.seed=" + seed);
        return new Random(seed);
    }

    private static void assertValid(JsonSchema validator, String schema, String answer) throws JsonProcessingException {
        Set<ValidationMessage> faults = validator.validate(JSON.readTree(answer));
        assertTrue(faults.isEmpty(), () -> answer + "\nis not valid: " + faults + "\nof " + schema);
    }

    @Test
    void anyAnswerToAnySchemaIsValid() throws JsonProcessingException {
        Random random = random("constrained output");
        RandomSchemas schemas = new RandomSchemas(random);
        Walks walks = new Walks(random);
        Vocabulary vocabulary = vocabulary(random);
        int end = 256;
        int answers = 0;
        long characters = 0;
        for (int i = 0; i < SCHEMAS; i++) {
            JsonObject schema = schemas.next();
            String text = schema.toString();
            JsonSchema validator = VALIDATORS.getSchema(text);
            Grammar grammar = SchemaGrammar.of(text, SHIPPED);
            Automaton automaton = new Automaton(grammar);
            Automaton gbnf = new Automaton(GbnfReader.read(GbnfText.of(grammar)));
            for (int walk = 0; walk < 8; walk++) {
                String answer = walk < 6 ? walks.bytes(automaton) : walks.tokens(automaton, vocabulary, end);
                answers++;
                characters += answer.length();
                assertValid(validator, text, answer);
                assertTrue(
                        gbnf.next(gbnf.start(), answer.getBytes(StandardCharsets.UTF_8))
                                .isComplete(),
                        () -> "the GBNF does not let through " + answer + "\n" + GbnfText.of(grammar));
                String other = walks.bytes(gbnf);
                assertTrue(
                        automaton
                                .next(automaton.start(), other.getBytes(StandardCharsets.UTF_8))
                                .isComplete(),
                        () -> "the automaton does not let through " + other);
                assertValid(validator, text, other);
            }
        }
        System.out.println(2 * answers + " answers to " + SCHEMAS + " schemas are valid, of " + characters / answers
                + " characters on average");
    }

    /** All single bytes, an end, and pieces of JSON and of odd texts, cut anywhere. */
    private static Vocabulary vocabulary(Random random) {
        byte[] source =
                ("{\"a\": [true, false, null], \"name\":\"größe 日本 😀\",\"value\" : -12.5e+3, \"rest\": {}}\n   "
                                + "\\\"\\u00e9\\n]}}\",\"foobar@x.com 123-4567")
                        .getBytes(StandardCharsets.UTF_8);
        byte[][] tokens = new byte[900][];
        for (int token = 0; token < tokens.length; token++) {
            if (token < 256) {
                tokens[token] = new byte[] {(byte) token};
            } else if (token < 260) {
                tokens[token] = new byte[0];
            } else {
                int from = random.nextInt(source.length - 1);
                int length = 1 + random.nextInt(Math.min(9, source.length - from));
                tokens[token] = java.util.Arrays.copyOfRange(source, from, from + length);
            }
        }
        BitSet ends = new BitSet();
        ends.set(256);
        return new Vocabulary(tokens, ends);
    }

    @Test
    void aMaskAllowsATokenIfAndOnlyIfItsBytesMayFollow() {
        Random random = random("token masks");
        RandomSchemas schemas = new RandomSchemas(random);
        Vocabulary vocabulary = vocabulary(random);
        for (int i = 0; i < 30; i++) {
            Automaton automaton = new Automaton(SchemaGrammar.of(schemas.next().toString(), SHIPPED));
            TokenMasks masks = new TokenMasks(automaton, vocabulary, 2);
            Automaton.State state = automaton.start();
            for (int step = 0; step < 25 && !state.isEnd(); step++) {
                BitSet allowed = masks.allowed(state);
                for (int token = 0; token < vocabulary.size(); token++) {
                    byte[] bytes = vocabulary.bytes(token);
                    boolean may = token == 256
                            ? state.isComplete()
                            : bytes.length > 0 && !automaton.next(state, bytes).isDead();
                    assertEquals(may, allowed.get(token), "token " + token);
                }
                int[] all = state.bytes().stream().toArray();
                state = automaton.next(state, all[random.nextInt(all.length)]);
            }
        }
    }

    /** A valid answer that was changed by one byte is either not let through, or valid as well. */
    @Test
    void whatIsNotValidIsNotLetThrough() throws JsonProcessingException {
        Random random = random("changed answers");
        RandomSchemas schemas = new RandomSchemas(random);
        Walks walks = new Walks(random);
        int refused = 0;
        for (int i = 0; i < 100; i++) {
            String text = schemas.next().toString();
            JsonSchema validator = VALIDATORS.getSchema(text);
            Automaton automaton = new Automaton(SchemaGrammar.of(text, SHIPPED));
            byte[] answer = walks.bytes(automaton).getBytes(StandardCharsets.UTF_8);
            for (int change = 0; change < 20; change++) {
                byte[] changed = answer.clone();
                changed[random.nextInt(changed.length)] = (byte) (32 + random.nextInt(95));
                if (automaton.next(automaton.start(), changed).isComplete()) {
                    assertValid(validator, text, new String(changed, StandardCharsets.UTF_8));
                } else {
                    refused++;
                }
            }
        }
        assertTrue(refused > 500, "refused " + refused);
    }

    @Test
    void aStateSaysWhatMayFollow() {
        Automaton automaton = new Automaton(SchemaGrammar.of("{\"enum\":[\"ja\",\"jo\",1]}", SHIPPED));
        Automaton.State state = automaton.start();
        assertEquals("{34, 49}", state.bytes().toString());
        state = automaton.next(state, "\"j".getBytes(StandardCharsets.UTF_8));
        assertEquals("{97, 111}", state.bytes().toString());
        assertFalse(state.isComplete() || state.isEnd() || state.isDead());
        Automaton.State done = automaton.next(state, "a\"".getBytes(StandardCharsets.UTF_8));
        assertTrue(done.isComplete() && done.isEnd() && !done.isDead());
        assertTrue(automaton.next(state, "x".getBytes(StandardCharsets.UTF_8)).isDead());
        assertTrue(automaton.next(done, "x".getBytes(StandardCharsets.UTF_8)).isDead());
    }
}
