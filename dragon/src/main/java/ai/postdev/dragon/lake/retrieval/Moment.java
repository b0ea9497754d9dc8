package ai.postdev.dragon.lake.retrieval;

import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.history.HistoryEvent;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A moment of the past that a request names: a sequence (digits only), a time (ISO 8601; without a zone in the zone of
 * the node) or a commit that the history remembers (its id or the first digits of it).
 */
final class Moment {
    private static final Pattern SEQUENCE = Pattern.compile("\\d{1,18}");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,64}");

    private Moment() {}

    /**
     * The code as it was at {@code at}.
     *
     * @throws IllegalArgumentException if it cannot be read or names a commit that is not remembered
     */
    static CodeView of(String at, LakeViews views) {
        String wanted = at.strip();
        if (SEQUENCE.matcher(wanted).matches() && !isRememberedCommit(wanted, views)) {
            return views.code().at(Long.parseLong(wanted));
        }
        Optional<Instant> time = time(wanted);
        if (time.isPresent()) {
            return views.code().atTime(time.get());
        }
        if (COMMIT.matcher(wanted).matches()) {
            HistoryEvent commit = views.history()
                    .commit(wanted)
                    .orElseThrow(() -> new IllegalArgumentException("the commit '" + wanted
                            + "' is not remembered, or its beginning is not of one commit only"));
            return views.code().atTime(Instant.ofEpochMilli(commit.timeMillis()));
        }
        throw new IllegalArgumentException("the moment '" + at
                + "' cannot be read; expected a time such as 2026-05-03T15:00, a commit id or a sequence number");
    }

    private static boolean isRememberedCommit(String digits, LakeViews views) {
        return digits.length() >= 7 && views.history().commit(digits).isPresent();
    }

    private static Optional<Instant> time(String text) {
        try {
            if (text.length() == 10 && text.charAt(4) == '-') {
                return Optional.of(LocalDate.parse(text)
                        .plusDays(1)
                        .atStartOfDay(ZoneId.systemDefault())
                        .toInstant()
                        .minusMillis(1));
            }
            String iso = text.replace(' ', 'T');
            boolean zoned = iso.endsWith("Z") || iso.matches(".*T.*[+-]\\d\\d:?\\d\\d");
            return iso.indexOf('T') != 10
                    ? Optional.empty()
                    : Optional.of(
                            zoned
                                    ? OffsetDateTime.parse(iso).toInstant()
                                    : LocalDateTime.parse(iso)
                                            .atZone(ZoneId.systemDefault())
                                            .toInstant());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "the time '" + text + "' cannot be read; expected ISO 8601 such as 2026-05-03T15:00:00Z", e);
        }
    }
}
