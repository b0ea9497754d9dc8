package ai.postdev.dragon.model.engine;

import ai.postdev.dragon.model.engine.EngineFault.Kind;
import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaIterator;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;

/**
 * An answer that llama.cpp makes. A cancelled task brings no end of its own, so a thread that waits for one would wait
 * for ever: a cancel is only noted, and done by the thread that pulls, between two steps.
 */
final class LlamaGeneration implements Generation {
    private final LlamaIterator steps;
    private final int promptTokens;
    private final int maxTokens;
    private final long started = System.nanoTime();
    private long first;
    private int answerTokens;
    private boolean ended;
    private volatile boolean cancelled;

    LlamaGeneration(LlamaModel model, InferenceParameters parameters, int promptTokens, int maxTokens) {
        this.promptTokens = promptTokens;
        this.maxTokens = maxTokens;
        steps = model.generate(parameters).iterator();
    }

    @Override
    public Step next() throws EngineFault {
        try {
            while (!cancelled && steps.hasNext()) {
                LlamaOutput output = steps.next();
                answerTokens++; // one step is one token, also if it brings no text yet
                if (first == 0) {
                    first = System.nanoTime();
                }
                if (!output.text.isEmpty()) {
                    return new Piece(output.text);
                }
            }
        } catch (RuntimeException e) {
            ended = true;
            throw new EngineFault(Kind.FAILED, "llama.cpp failed: " + e.getMessage(), e);
        }
        return end();
    }

    private End end() {
        Finish finish = Finish.STOP;
        if (steps.hasNext()) {
            steps.cancel();
            finish = Finish.CANCELLED;
        } else if (answerTokens > maxTokens) {
            finish = Finish.LENGTH; // the last step only tells that it ended
        }
        ended = true;
        long now = System.nanoTime();
        long begun = first == 0 ? now : first;
        return new End(
                finish, new Usage(promptTokens, Math.min(answerTokens, maxTokens), begun - started, now - begun));
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    @Override
    public void close() {
        if (!ended) {
            ended = true;
            if (steps.hasNext()) {
                steps.cancel();
            }
        }
    }
}
