package ai.postdev.mlx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real models answer as llama.cpp does, which is given the same tokens: our greedy text, so that every position counts and
 * none depends on an earlier difference. Where weights are quantised llama.cpp rounds activations to 8 bits, so it is
 * compared on the same weights written as floats, too.
 */
class LlamaAgreementTest {
    private static final List<String> PROMPTS = List.of(
            "The capital of France is",
            "Once upon a time there was a",
            "def fibonacci(n):\n    if n",
            "Water boils at a temperature of",
            "To be or not to be, that is",
            "The quick brown fox jumps over",
            "public static void main(String[]",
            "In the beginning God created the",
            "The largest planet of the solar system is",
            "SELECT name FROM users WHERE",
            "E = mc^2 means that energy",
            "My favourite colour is",
            "1, 2, 3, 4, 5, 6,",
            "Die Hauptstadt von Deutschland ist",
            "A good way to learn a language is to",
            "#include <stdio.h>\n\nint main",
            "The opposite of hot is",
            "Shakespeare wrote the play",
            "If it rains tomorrow, we will",
            "The first president of the United States was",
            "for i in range(10):\n    print(",
            "Roses are red, violets are");

    @Test
    void smolLmAnswersAsLlamaDoes(@TempDir Path folder) throws IOException {
        agree(Models.smol(), asFloats(Models.smol(), folder), 4, 0.99, 0.9999);
    }

    @Test
    @Tag("campaign")
    void gemmaAnswersAsLlamaDoes(@TempDir Path folder) throws IOException {
        agree(Models.gemma(), asFloats(Models.gemma(), folder), 24, 0.99, 0.9999);
    }

    /** Here llama.cpp rounds, so that tokens which are about as likely change places. */
    @Test
    @Tag("campaign")
    void bothAnswerAsLlamaDoesWhenItRounds() throws IOException {
        agree(Models.smol(), Models.smol(), 24, 0.95, 0.995);
        agree(Models.gemma(), Models.gemma(), 24, 0.95, 0.995);
    }

    private static Path asFloats(Path file, Path folder) throws IOException {
        Path floats = folder.resolve("floats.gguf");
        FloatCopy.write(file, floats);
        return floats;
    }

    private static void agree(Path file, Path reference, int drawn, double agreement, double likeness)
            throws IOException {
        int same = 0;
        int positions = 0;
        double least = 1;
        double sum = 0;
        try (MlxEngine engine = Models.engine();
                LlamaReference llama = new LlamaReference(reference, 64);
                MlxModel model = engine.load(file, LoadOptions.standard())) {
            int vocab = model.spec().vocab();
            assertEquals(llama.size(), vocab);
            List<MlxSession> sessions = new ArrayList<>();
            List<int[]> texts = new ArrayList<>();
            List<List<float[]>> ours = new ArrayList<>();
            List<Step> steps = new ArrayList<>();
            for (String prompt : PROMPTS) {
                sessions.add(model.session(64));
                texts.add(model.tokenizer().encode(prompt, true));
                steps.add(Step.logits(sessions.getLast(), Step.Logits.ALL, texts.getLast()));
                ours.add(new ArrayList<>());
            }
            // All prompts in one step, then each next token of all of them in one.
            for (int round = 0; round <= drawn; round++) {
                List<StepResult> results = engine.step(steps);
                steps.clear();
                for (int p = 0; p < PROMPTS.size(); p++) {
                    float[] rows = results.get(p).logits();
                    for (int at = 0; at < rows.length; at += vocab) {
                        ours.get(p).add(Arrays.copyOfRange(rows, at, at + vocab));
                    }
                    if (round < drawn) {
                        int next = Models.argmax(rows, rows.length - vocab, vocab);
                        int[] text = Arrays.copyOf(texts.get(p), texts.get(p).length + 1);
                        text[text.length - 1] = next;
                        texts.set(p, text);
                        steps.add(Step.logits(sessions.get(p), Step.Logits.LAST, next));
                    }
                }
            }
            for (int p = 0; p < PROMPTS.size(); p++) {
                float[][] theirs = llama.logits(texts.get(p));
                for (int i = 0; i < theirs.length; i++, positions++) {
                    double cosine = Models.cosine(ours.get(p).get(i), theirs[i]);
                    sum += cosine;
                    least = Math.min(least, cosine);
                    same += near(ours.get(p).get(i), theirs[i], vocab) ? 1 : 0;
                }
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s: %d prompts, %d positions, argmax the same at %.2f %%, cosine %.4f mean, %.4f least%n",
                    file.getFileName(),
                    PROMPTS.size(),
                    positions,
                    100.0 * same / positions,
                    sum / positions,
                    least);
            assertTrue(same >= agreement * positions, same + " of " + positions);
            assertTrue(sum / positions >= likeness, "mean cosine " + sum / positions);
        }
    }

    private static boolean near(float[] ours, float[] theirs, int vocab) {
        return Models.argmax(ours, 0, vocab) == Models.argmax(theirs, 0, vocab);
    }
}
