package ai.postdev.dragon.model.engine;

import ai.postdev.dragon.model.engine.Generation.End;
import ai.postdev.dragon.model.engine.Generation.Finish;
import ai.postdev.dragon.model.engine.Generation.Usage;
import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaIterator;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import java.util.function.Predicate;

/**
 * One answer as the loop of llama.cpp's results sees it: first the parts of its prompt, each a request of its own for one token
 * that nobody wants, then the answer. The loop's thread.
 */
final class LlamaSequence implements AnswerLoop.Answer {
    /**
     * What is to be answered.
     *
     * @param prompt with what there is of the answer already
     * @param parameters of the request that answers it, still without a prompt
     * @param maxTokens of the answer
     * @param heldBack whether a step may be more than a token: a text that a stop text may begin in comes with later ones
     * @param whole whether a text is a whole answer
     */
    record Asked(
            String prompt,
            int promptTokens,
            InferenceParameters parameters,
            int maxTokens,
            boolean heldBack,
            Predicate<String> whole) {}

    /** Some tokenizers put a blank before a text that stands alone. */
    private static final String BEFORE = "\n";

    private final PulledGeneration generation;
    private final LlamaModel model;
    private final PromptParts parts;
    private final Asked asked;
    private final StringBuilder text = new StringBuilder();
    private final long opened = System.nanoTime();
    private LlamaIterator results;
    /** Characters of the prompt that were asked for to be read. */
    private int read;

    private long partSince;
    private long first;
    private int answerTokens;

    LlamaSequence(PulledGeneration generation, LlamaModel model, PromptParts parts, Asked asked) {
        this.generation = generation;
        this.model = model;
        this.parts = parts;
        this.asked = asked;
    }

    @Override
    public PulledGeneration generation() {
        return generation;
    }

    /** Whether the engine was asked for something of it. */
    boolean asked() {
        return results != null;
    }

    /** Has the engine read the next part of the prompt, or answer it when there is none. */
    void ask() {
        partSince = System.nanoTime();
        read = parts.next(asked.prompt(), read, asked.promptTokens());
        String part = asked.prompt().substring(0, read);
        InferenceParameters parameters = answering()
                ? asked.parameters().setPrompt(part)
                : new InferenceParameters(part)
                        .setNPredict(1)
                        .setCachePrompt(true)
                        .setTemperature(0);
        results = model.generate(parameters).iterator();
    }

    private boolean answering() {
        return read == asked.prompt().length();
    }

    /** Takes the next result, and waits for it. Answers the text that it brought; empty if none. */
    String next() {
        LlamaOutput output = results.next();
        if (!answering()) {
            if (!results.hasNext()) {
                parts.took(System.nanoTime() - partSince);
                parts.read(asked.prompt().substring(0, read));
                ask();
            }
            return "";
        }
        if (first == 0) {
            first = System.nanoTime();
        }
        // The last one only tells that it ended.
        if (results.hasNext() || !output.text.isEmpty()) {
            answerTokens += tokens(output.text);
            text.append(output.text);
        }
        return output.text;
    }

    /**
     * Tokens of a piece, which the binding does not tell. It is one, but for characters that are several, and for what was
     * held back: there they are those that the text is cut into.
     */
    private int tokens(String piece) {
        if (!asked.heldBack() && piece.chars().allMatch(c -> c < 0x80)) {
            return 1;
        }
        return Math.max(1, model.encode(BEFORE + piece).length - model.encode(BEFORE).length);
    }

    boolean finished() {
        return !results.hasNext();
    }

    /** What it took so far. */
    Usage usage() {
        long now = System.nanoTime();
        long begun = first == 0 ? now : first;
        return new Usage(
                asked.promptTokens(), Math.min(answerTokens, asked.maxTokens()), begun - opened, now - begun, 0);
    }

    /** How it ended by itself. */
    End end() {
        parts.read(asked.prompt() + text);
        boolean cut = answerTokens >= asked.maxTokens() || !asked.whole().test(text.toString());
        return new End(cut ? Finish.LENGTH : Finish.STOP, usage());
    }

    /** Nobody wants more of it. */
    void stop() {
        if (results != null && results.hasNext()) {
            results.cancel();
            parts.read(asked.prompt().substring(0, read) + text);
        }
    }
}
