package ai.postdev.dragon.model.engine;

import ai.postdev.dragon.model.prefix.Match;
import ai.postdev.dragon.model.prefix.PrefixEffect;
import ai.postdev.dragon.model.prefix.PrefixIndex;
import ai.postdev.mlx.MlxModel;
import ai.postdev.mlx.MlxSession;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sessions that are over and kept, because another prompt may begin as theirs did. What they take is counted as it is: a
 * fork shares keys and values only until one of the two goes on, so each kept session counts whole. One thread.
 */
final class PromptCache implements AutoCloseable {
    private record Kept(MlxSession session, int tokens) {}

    private final MlxModel model;
    private final PrefixIndex index;
    private final long bytesMax;
    private final Map<Long, Kept> kept = new HashMap<>();

    PromptCache(MlxModel model, StepSettings tuning) {
        this.model = model;
        bytesMax = tuning.prefixBytesMax();
        long block = tuning.prefix().blockTokens();
        index = new PrefixIndex(tuning.prefix(), model.sessionBytes((int) block) / block, bytesMax);
    }

    /**
     * A session for the prompt, with as much of it read as was read before.
     *
     * @param context tokens that a session holds at most
     */
    void begin(MlxSequence sequence, int context) {
        Match match = bytesMax == 0 ? Match.NONE : index.find(sequence.prompt, now());
        if (match.handle() == 0) {
            sequence.begin(model.session(context), 0);
            return;
        }
        MlxSession fork = kept.get(match.handle()).session().fork();
        fork.trim(match.tokens());
        sequence.begin(fork, match.tokens());
    }

    /** The sequence is over: its session is kept or closed. */
    void end(MlxSequence sequence) {
        MlxSession session = sequence.session();
        session.resume();
        boolean taken = false;
        if (bytesMax > 0) {
            for (PrefixEffect effect : index.keep(sequence.tokens(), now())) {
                if (effect instanceof PrefixEffect.Keep(long handle, int tokens)) {
                    session.trim(tokens);
                    kept.put(handle, new Kept(session, tokens));
                    taken = true;
                } else {
                    carryOut(effect);
                }
            }
            shrink(bytesMax);
        }
        if (!taken) {
            session.close();
        }
    }

    /** Gives up at least so many bytes, of what was used least; all if that is more. */
    void trim(long bytes) {
        shrink(Math.max(0, bytes() - bytes));
    }

    /** The index counts what is shared once, so it is told to give up what is over. */
    private void shrink(long most) {
        for (long over = bytes() - most; over > 0; over = bytes() - most) {
            index.bound(Math.max(0, index.bytes() - over), now()).forEach(this::carryOut);
        }
        index.bound(bytesMax, now());
    }

    private void carryOut(PrefixEffect effect) {
        switch (effect) {
            case PrefixEffect.Keep keep -> throw new IllegalStateException("there is no session for " + keep);
            case PrefixEffect.Trim(long handle, int tokens) ->
                kept.computeIfPresent(handle, (_, old) -> {
                    old.session().trim(tokens);
                    return new Kept(old.session(), tokens);
                });
            case PrefixEffect.Drop(long handle) -> {
                Kept dropped = kept.remove(handle);
                if (dropped != null) {
                    dropped.session().close();
                }
            }
        }
    }

    /** What all kept sessions take. */
    long bytes() {
        return kept.values().stream()
                .mapToLong(one -> model.sessionBytes(one.tokens()))
                .sum();
    }

    private static long now() {
        return System.nanoTime() / 1_000_000;
    }

    @Override
    public void close() {
        List.copyOf(kept.values()).forEach(one -> one.session().close());
        kept.clear();
    }
}
