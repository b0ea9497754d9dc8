package ai.postdev.dragon.model.engine;

import ai.postdev.dragon.model.engine.EngineFault.Kind;
import de.kherud.llama.LlamaModel;
import java.util.List;

/**
 * The loop that takes what llama.cpp makes for all answers of one model, one result of each in turn. In {@code de.kherud:llama}
 * whoever waits for a result runs in circles while there is one for somebody else, so several that wait take processors from
 * the engine; and a cancelled task brings no end, so a thread that waited for its next result would wait for ever.
 */
final class LlamaResults extends AnswerLoop<LlamaSequence> {
    private final LlamaModel model;
    private final PromptParts parts;

    LlamaResults(LlamaModel model, LoadRequest settings) {
        super("llama-results", settings.sequences());
        this.model = model;
        parts = PromptParts.of(settings);
    }

    /** Begins an answer. @throws EngineFault if the model is closed */
    Generation begin(LlamaSequence.Asked asked) throws EngineFault {
        // llama.cpp goes on whether anybody pulls or not.
        PulledGeneration generation = open(Integer.MAX_VALUE, asked.promptTokens());
        begin(new LlamaSequence(generation, model, parts, asked));
        return generation;
    }

    @Override
    boolean due(LlamaSequence sequence) {
        return true;
    }

    /** All that are new are asked before the first result is waited for. */
    @Override
    void round(List<LlamaSequence> due) {
        due.stream().filter(sequence -> !sequence.asked()).forEach(sequence -> guarded(sequence, sequence::ask));
        for (LlamaSequence sequence : due) {
            if (sequence.asked() && !ended(sequence)) {
                guarded(sequence, () -> take(sequence));
            }
        }
    }

    private void take(LlamaSequence sequence) {
        String text = sequence.next();
        put(sequence, text, sequence.usage());
        if (sequence.finished()) {
            end(sequence, sequence.end());
        }
    }

    /** What fails ends the one answer that it belongs to. */
    private void guarded(LlamaSequence sequence, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            fail(sequence, new EngineFault(Kind.FAILED, "llama.cpp failed: " + e.getMessage(), e));
        }
    }

    @Override
    void leave(LlamaSequence sequence) {
        guarded(sequence, sequence::stop);
    }

    @Override
    void drop(LlamaSequence sequence) {
        // llama.cpp gives back by itself what a failed task held
    }

    @Override
    void over() {
        // the model is closed by who closed the loop
    }
}
