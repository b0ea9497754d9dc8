package ai.postdev.dragon.lake.history;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * How long events of one kind are kept: the oldest go when they are older than {@code ageMax}, or while the texts of the
 * kind take more than {@code bytesMax}. Pinned events count, but never go.
 *
 * @param kind of the events; a note, which is the user's own, and a commit, which git and the graph hold, never go
 * @param ageMax since they happened; empty: any
 * @param bytesMax of the texts as memory holds them; empty: any
 */
public record RetentionRule(String kind, Optional<Duration> ageMax, Optional<Long> bytesMax) {
    /** Kinds that no rule may name. */
    public static final Set<String> KEPT = Set.of("note", HistoryEngine.COMMIT);

    public RetentionRule {
        if (kind.isBlank() || KEPT.contains(kind)) {
            throw new IllegalArgumentException("a rule of postdevai.lake.history.retention.rules is about '" + kind
                    + "', expected a kind of event other than note and commit: those are always kept");
        }
        if (ageMax.isEmpty() && bytesMax.isEmpty()) {
            throw new IllegalArgumentException("the rule of postdevai.lake.history.retention.rules for '" + kind
                    + "' has neither max-age nor max-bytes; give at least one, or leave the rule out");
        }
        if (ageMax.isPresent() && ageMax.get().isNegative() || bytesMax.isPresent() && bytesMax.get() < 0) {
            throw new IllegalArgumentException("the rule of postdevai.lake.history.retention.rules for '" + kind
                    + "' has a bound below 0: " + ageMax + ", " + bytesMax);
        }
    }

    /** For people: {@code edit: at most 90 days, at most 1048576 bytes}. */
    public String text() {
        return kind + ":"
                + ageMax.map(age -> " at most "
                                + (age.toDays() > 0 && age.equals(Duration.ofDays(age.toDays()))
                                        ? age.toDays() + " days"
                                        : age.toSeconds() + " s"))
                        .orElse("")
                + (ageMax.isPresent() && bytesMax.isPresent() ? "," : "")
                + bytesMax.map(bytes -> " at most " + bytes + " bytes").orElse("");
    }
}
