package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns the ways people write times into instants: ISO 8601 with or without time and zone (the node's zone then),
 * {@code 90s}, {@code 15m}, {@code 2h}, {@code 3d}, {@code 1w} ago, {@code now}, {@code today} and {@code yesterday},
 * the last two with an optional time of day.
 *
 * <p>Only here, at the door: what goes on to the lakes is absolute, for it is the clock and zone of the node that was
 * asked that the words mean. Which state of a project an absolute moment was is another question, answered by the
 * lake's {@code At}.
 */
public final class Moments {
    private static final Pattern AGO = Pattern.compile("(\\d{1,6})\\s*([smhdw])(?:\\s+ago)?");
    private static final Pattern DAY = Pattern.compile("(today|yesterday)(?:\\s+(\\d{1,2}:\\d{2}(?::\\d{2})?))?");

    private final Clock clock;

    /** Words mean what they mean by this clock and in its zone. */
    public Moments(Clock clock) {
        this.clock = clock;
    }

    /** The instant that {@code text} means; empty if it is no time. */
    public Optional<Instant> parse(String text) {
        String trimmed = text.strip();
        String lower = trimmed.toLowerCase(Locale.ROOT);
        if (lower.equals("now")) {
            return Optional.of(clock.instant());
        }
        Matcher ago = AGO.matcher(lower);
        if (ago.matches()) {
            long count = Long.parseLong(ago.group(1));
            Duration unit = switch (ago.group(2)) {
                case "s" -> Duration.ofSeconds(1);
                case "m" -> Duration.ofMinutes(1);
                case "h" -> Duration.ofHours(1);
                case "d" -> Duration.ofDays(1);
                default -> Duration.ofDays(7);
            };
            return Optional.of(clock.instant().minus(unit.multipliedBy(count)));
        }
        Matcher day = DAY.matcher(lower);
        if (day.matches()) {
            LocalDate date = LocalDate.now(clock).minusDays(day.group(1).equals("yesterday") ? 1 : 0);
            return attempt(
                    day.group(2) == null ? "0:00" : day.group(2),
                    time -> LocalDateTime.of(date, LocalTime.parse(time.length() % 3 == 1 ? "0" + time : time))
                            .atZone(clock.getZone())
                            .toInstant());
        }
        List<Function<String, Instant>> forms = List.of(
                Instant::parse,
                form -> OffsetDateTime.parse(form).toInstant(),
                form -> LocalDateTime.parse(form).atZone(clock.getZone()).toInstant(),
                form -> LocalDate.parse(form).atStartOfDay(clock.getZone()).toInstant());
        String iso = trimmed.replace(' ', 'T');
        return forms.stream()
                .map(form -> attempt(iso, form))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** {@code text} as an ISO 8601 instant, or nothing for nothing. */
    String iso(String field, String text) {
        if (text.isBlank()) {
            return "";
        }
        return parse(text)
                .map(Instant::toString)
                .orElseThrow(() -> new DoorFault(
                        FaultCode.INVALID_ARGUMENT,
                        "'" + text + "' is no time for " + field
                                + "; expected ISO 8601 (2026-05-03T15:00Z), 2h, 3d, 1w, today or 'yesterday 15:00'"));
    }

    /**
     * {@code at} with a relative time made absolute; commits, revisions and sequences stay as they are. Four and more
     * digits are a sequence or a commit, never a year.
     */
    String at(String at) {
        String trimmed = at.strip();
        return parse(trimmed).map(Instant::toString).orElse(trimmed);
    }

    private static Optional<Instant> attempt(String text, Function<String, Instant> form) {
        try {
            return Optional.of(form.apply(text));
        } catch (DateTimeException _) {
            // Not this form; the caller tries the next.
            return Optional.empty();
        }
    }
}
