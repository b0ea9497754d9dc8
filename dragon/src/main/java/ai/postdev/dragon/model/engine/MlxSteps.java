package ai.postdev.dragon.model.engine;

import ai.postdev.dragon.model.engine.EngineFault.Kind;
import ai.postdev.mlx.MlxCancelledException;
import ai.postdev.mlx.MlxEngine;
import ai.postdev.mlx.MlxException;
import ai.postdev.mlx.MlxMemory;
import ai.postdev.mlx.Step;
import ai.postdev.mlx.StepResult;
import java.util.ArrayList;
import java.util.List;

/**
 * The loop that makes all answers of one model: each step feeds every answer its last token, and prompts that are still to
 * be read a chunk. A cancel of a prompt that is being read breaks the step off.
 */
final class MlxSteps extends AnswerLoop<MlxSequence> {
    private final MlxEngine engine;
    private final PromptCache cache;
    private final int context;
    private final StepSettings tuning;
    /** Kept beginnings, and what the engine holds for its next step while there is none: else that step takes it again. */
    private volatile long trimmable;
    /** Whether that may have become another. */
    private boolean moved;

    private record Work(MlxSequence sequence, Step step) {}

    /** @param context tokens of one session */
    MlxSteps(MlxEngine engine, PromptCache cache, int context, LoadRequest settings) {
        super("mlx-steps", settings.sequences());
        this.engine = engine;
        this.cache = cache;
        this.context = context;
        tuning = settings.tuning();
    }

    @Override
    boolean due(MlxSequence sequence) {
        return sequence.generation().room();
    }

    @Override
    void round(List<MlxSequence> due) {
        List<Work> work = work(due);
        if (!work.isEmpty()) {
            step(work);
        }
    }

    @Override
    void turned() {
        if (moved) {
            look();
        }
    }

    private void look() {
        moved = false;
        trimmable = cache.bytes() + (idle() ? engine.memory().cached() : 0);
    }

    /** Bytes of what {@link #trim} gives back. Any thread. */
    long trimmable() {
        return trimmable;
    }

    /** See {@link LanguageModel#trim}. Any thread but the loop's. */
    long trim(long bytes) throws EngineFault {
        return between(() -> {
            long before = held();
            cache.trim(bytes);
            engine.trimMemory();
            look();
            return before - held();
        });
    }

    private long held() {
        MlxMemory memory = engine.memory();
        return memory.active() + memory.cached();
    }

    /** What the next step feeds. */
    private List<Work> work(List<MlxSequence> ready) {
        List<Work> work = new ArrayList<>();
        for (MlxSequence sequence : ready) {
            if (begun(sequence) && sequence.unread() == 0) {
                work.add(new Work(sequence, sequence.decode()));
            }
        }
        int left = work.isEmpty() ? tuning.prefillAlone() : tuning.prefillShared();
        for (MlxSequence sequence : ready) {
            int count = Math.min(left, sequence.begun() ? sequence.unread() : 0);
            if (count > 0) {
                work.add(new Work(sequence, sequence.prefill(count)));
                left -= count;
            }
        }
        return work;
    }

    /** Whether the sequence has its session, which is found or made here. */
    private boolean begun(MlxSequence sequence) {
        if (!sequence.begun()) {
            try {
                cache.begin(sequence, context);
            } catch (MlxException e) {
                fail(sequence, fault(e));
            }
        }
        return sequence.begun();
    }

    private void step(List<Work> work) {
        interruptible(work, true);
        try {
            List<StepResult> results = engine.step(work.stream().map(Work::step).toList());
            interruptible(work, false);
            for (int i = 0; i < results.size(); i++) {
                deliver(work.get(i), results.get(i));
            }
        } catch (MlxCancelledException _) {
            interruptible(work, false); // nothing moved: the cancelled ones are dropped, the others go on
        } catch (MlxException e) {
            interruptible(work, false);
            if (work.size() == 1) {
                fail(work.getFirst().sequence(), fault(e));
            } else {
                work.forEach(this::alone);
            }
        }
    }

    /** One of several failed, and took the step along: each goes back to where it was, and is tried by itself. */
    private void alone(Work work) {
        try {
            if (work.sequence().session().length() > work.sequence().fed()) {
                work.sequence().session().trim(work.sequence().fed());
            }
            deliver(work, engine.step(work.step()));
        } catch (MlxCancelledException _) {
            ended(work.sequence());
        } catch (MlxException e) {
            fail(work.sequence(), fault(e));
        }
    }

    /** Only if a prompt is read: a step that reads none is short. */
    private void interruptible(List<Work> work, boolean on) {
        if (work.stream().noneMatch(one -> one.sequence().unread() > 0)) {
            return;
        }
        locked(() -> {
            for (Work one : work) {
                PulledGeneration generation = one.sequence().generation();
                generation.interruptible(on ? one.sequence().session()::cancel : () -> {});
                if (on && generation.cancelled()) {
                    one.sequence().session().cancel();
                }
            }
        });
    }

    private void deliver(Work work, StepResult result) {
        MlxSequence sequence = work.sequence();
        String text = sequence.stepped(work.step(), result);
        put(sequence, text, sequence.usage());
        if (sequence.finished()) {
            Generation.End end = sequence.end();
            leave(sequence);
            end(sequence, end);
        }
    }

    @Override
    void leave(MlxSequence sequence) {
        if (sequence.begun()) {
            cache.end(sequence);
            moved = true;
        }
    }

    @Override
    void drop(MlxSequence sequence) {
        if (sequence.begun()) {
            sequence.session().close();
        }
    }

    @Override
    void over() {
        cache.close();
    }

    private static EngineFault fault(MlxException e) {
        return new EngineFault(Kind.FAILED, "MLX failed: " + e.getMessage(), e);
    }
}
