package ai.postdev.dragon.lake.vector;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Chooses the embeddings that make room for others: only such whose content no document holds, of those it has looked at
 * the one superseded first. A hand goes round over all embeddings, some at each call, as in the CLOCK algorithm (Corbató,
 * 1968), and notes the oldest it meets; so a call takes a bounded time, and a full turn without a find is proof that
 * documents hold everything. Writer only.
 */
final class Evictions {
    private static final int LOOKED_MAX = 512;
    private static final int NOTED_MAX = 64;
    private static final Comparator<Superseded> OLDEST_FIRST =
            Comparator.comparingLong(Superseded::since).thenComparingInt(Superseded::ordinal);

    /**
     * An embedding whose content no document held when it was looked at.
     *
     * @param since when the last one let go of it
     */
    record Superseded(ModelVectors model, int ordinal, long since) {}

    private final Supersession supersession;
    private final List<Superseded> noted = new ArrayList<>();
    private int model;
    private int ordinal;
    private long fruitless;

    Evictions(Supersession supersession) {
        this.supersession = supersession;
    }

    /** Begins anew: the ordinals have changed. */
    void clear() {
        noted.clear();
        model = 0;
        ordinal = 0;
        fruitless = 0;
    }

    /** The next to go; empty if none was found among those looked at in this call and noted before. */
    Optional<Superseded> next(Collection<ModelVectors> models) {
        look(List.copyOf(models));
        while (!noted.isEmpty()) {
            Superseded oldest = noted.removeFirst();
            Optional<Superseded> now = superseded(oldest.model(), oldest.ordinal());
            if (now.equals(Optional.of(oldest))) {
                return now;
            }
            now.ifPresent(this::note); // it was held meanwhile, and let go of again
        }
        return Optional.empty();
    }

    /** Whether the hand has gone all the way round since it last met something to note. */
    boolean foundNone(Collection<ModelVectors> models) {
        return noted.isEmpty() && fruitless >= ordinals(models);
    }

    private static long ordinals(Collection<ModelVectors> models) {
        return models.stream().mapToLong(each -> each.index.size()).sum();
    }

    private void look(List<ModelVectors> models) {
        long steps = Math.min(LOOKED_MAX, ordinals(models));
        for (long step = 0; step < steps; ) {
            if (model >= models.size()) {
                model = 0;
            }
            if (ordinal >= models.get(model).index.size()) {
                model++;
                ordinal = 0;
                continue;
            }
            Optional<Superseded> found = superseded(models.get(model), ordinal);
            found.ifPresent(this::note);
            fruitless = found.isPresent() ? 0 : fruitless + 1;
            ordinal++;
            step++;
        }
    }

    private Optional<Superseded> superseded(ModelVectors of, int at) {
        if (!of.index.holds(at)) {
            return Optional.empty();
        }
        long since = supersession.supersededAt(of.hash(at));
        return since == Supersession.HELD ? Optional.empty() : Optional.of(new Superseded(of, at, since));
    }

    private void note(Superseded found) {
        if (noted.stream().anyMatch(each -> each.model() == found.model() && each.ordinal() == found.ordinal())) {
            return;
        }
        noted.add(found);
        noted.sort(OLDEST_FIRST);
        if (noted.size() > NOTED_MAX) {
            noted.removeLast();
        }
    }
}
