package ai.postdev.dragon.model.fallback;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The way of one request from model to model: first the one that was asked for, then those of its task's chain, then, if the
 * caller allows it, any that can do what is needed. Before the first token the caller sees nothing of a change; after it never
 * one that it is not told of. No model on a node is tried twice. A pure state machine. Not thread-safe.
 */
public final class Fallback {
    private record Place(String model, String node) {}

    private final FallbackSettings settings;
    private final Need need;
    private final Set<Place> tried = new HashSet<>();
    private final List<String> told = new ArrayList<>();
    private Optional<FallbackEffect.Try> current = Optional.empty();
    private boolean begun;

    /** A request that was not tried yet. */
    public Fallback(FallbackSettings settings, Need need) {
        this.settings = settings;
        this.need = need;
    }

    /** Where it goes first, of what there is now. */
    public FallbackEffect start(List<Candidate> candidates) {
        return next(candidates).<FallbackEffect>map(next -> next).orElseGet(() -> giveUp(ErrorClass.NOT_AVAILABLE));
    }

    /** The caller got the first token. */
    public void begun() {
        begun = true;
    }

    /**
     * Where it goes after the one that it went to last did not answer, or not to the end.
     *
     * @param reason for people
     * @param candidates as they stand now
     */
    public FallbackEffect failed(ErrorClass error, String reason, List<Candidate> candidates) {
        FallbackEffect.Try last = current.orElseThrow(() -> new IllegalStateException("nothing was tried yet"));
        told.add(last.model() + " on " + last.node() + ": " + reason);
        if (!error.anotherMayHelp() || tried.size() >= settings.attemptsMax() || begun && !need.restart()) {
            return giveUp(error);
        }
        Optional<FallbackEffect.Try> next = next(candidates);
        if (next.isEmpty()) {
            return giveUp(error);
        }
        if (!begun) {
            return next.get();
        }
        begun = false;
        return new FallbackEffect.Restart(last.model(), reason, next.get());
    }

    /** Where the answer comes from and why, once it was begun. */
    public Optional<FallbackEffect.Try> source() {
        return current;
    }

    private FallbackEffect giveUp(ErrorClass error) {
        return new FallbackEffect.GiveUp(error, begun, String.join("; ", told));
    }

    private Optional<FallbackEffect.Try> next(List<Candidate> candidates) {
        List<String> skipped = new ArrayList<>();
        List<Candidate> able = new ArrayList<>();
        for (Candidate candidate : candidates) {
            if (tried.contains(place(candidate)) || rank(candidate) == NOT_ALLOWED) {
                continue;
            }
            Optional<String> cannot = candidate.cannot(need);
            if (cannot.isPresent()) {
                skipped.add(candidate.model() + " on " + candidate.node() + ": " + cannot.get());
            } else {
                able.add(candidate);
            }
        }
        if (candidates.stream().noneMatch(candidate -> candidate.model().equals(need.model()))) {
            skipped.add(need.model() + ": it is not installed");
        }
        Optional<Candidate> best = able.stream().min(order());
        if (best.isEmpty()) {
            told.addAll(skipped);
            if (told.isEmpty()) {
                told.add("there is no model");
            }
            current = Optional.empty();
            return Optional.empty();
        }
        Candidate chosen = best.get();
        tried.add(place(chosen));
        List<String> why = new ArrayList<>(told);
        why.addAll(skipped);
        current = Optional.of(new FallbackEffect.Try(chosen.model(), chosen.node(), reason(chosen, able, why)));
        return current;
    }

    private static Place place(Candidate candidate) {
        return new Place(candidate.model(), candidate.node());
    }

    private static final int NOT_ALLOWED = Integer.MAX_VALUE;

    /** 0 for the one that was asked for, then the places of the chain, then any. */
    private int rank(Candidate candidate) {
        if (candidate.model().equals(need.model())) {
            return 0;
        }
        if (need.latitude() == Latitude.EXACT) {
            return NOT_ALLOWED;
        }
        List<String> chain = settings.chain(need.task());
        int at = chain.indexOf(candidate.model());
        if (at >= 0) {
            return 1 + at;
        }
        return need.latitude() == Latitude.ANY ? 1 + chain.size() : NOT_ALLOWED;
    }

    /** Who is not overloaded first, then as asked for; of those that are alike the loaded, large, quick and near. */
    private Comparator<Candidate> order() {
        return Comparator.comparingLong(this::overload)
                .thenComparingInt(this::rank)
                .thenComparing(candidate -> !candidate.loaded())
                .thenComparing(Comparator.comparingLong(Candidate::parameters).reversed())
                .thenComparingLong(Candidate::waitMillis)
                .thenComparing(candidate -> !candidate.local())
                .thenComparing(Candidate::model)
                .thenComparing(Candidate::node);
    }

    private long overload(Candidate candidate) {
        return candidate.waitMillis() > settings.overloadWait().toMillis() ? candidate.waitMillis() : 0;
    }

    private String reason(Candidate chosen, List<Candidate> able, List<String> why) {
        if (chosen.model().equals(need.model())) {
            return why.isEmpty() ? "asked for" : "asked for; " + String.join("; ", why);
        }
        able.stream()
                .filter(other -> rank(other) < rank(chosen) && overload(other) > 0)
                .map(other -> other.model() + " on " + other.node() + ": one would wait " + other.waitMillis() + " ms")
                .forEach(why::add);
        String kind = settings.chain(need.task()).contains(chosen.model())
                ? "fallback of " + need.task()
                : "alternative that can do what is needed";
        return kind + "; " + String.join("; ", why);
    }
}
