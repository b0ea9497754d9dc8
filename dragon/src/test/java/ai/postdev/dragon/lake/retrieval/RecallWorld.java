package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Half a year of somebody's work, made from a seed: errors, each with near duplicates before and after it, what mended
 * them, and thousands of other events in between; and each error once more as it appears today.
 */
final class RecallWorld {
    static final long START = 1_750_000_000_000L;
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final int DAYS = 180;
    private static final int TRIES = 50;

    private final Random random;
    private final List<ErrorKinds.Kind> kinds;
    private final Set<String> said = new HashSet<>();
    private final List<Event> events = new ArrayList<>();
    private final List<Target> targets = new ArrayList<>();
    private final List<String> files = new ArrayList<>();
    private final Map<Event, Long> sequences = new HashMap<>();
    private int commits;

    /** Something on the time line; compared by identity, for two may say the same. */
    private static final class Event {
        private final long time;
        private final Body.AppendEvent body;

        Event(Body.AppendEvent body) {
            this.time = body.timeMillis();
            this.body = body;
        }
    }

    private record Target(ErrorCase error, List<Event> seen, Event mended) {}

    /**
     * An error that appears again.
     *
     * @param seen sequences of the events that recorded it
     * @param mended sequence of the event that made it go away
     * @param remedy its kind, text and paths
     */
    record Recurrence(ErrorCase error, String text, Set<Long> seen, long mended, String remedy) {}

    RecallWorld(long seed, List<ErrorKinds.Kind> kinds, int errors, int others) {
        this.random = new Random(seed);
        this.kinds = kinds;
        for (int i = 0; i < errors; i++) {
            newCase(kinds.get(i % kinds.size())).ifPresent(error -> targets.add(live(error)));
        }
        for (Target target : List.copyOf(targets)) {
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                nearOf(target.error()).ifPresent(this::live);
            }
        }
        for (int i = 0; i < others; i++) {
            other(START + (long) (random.nextDouble() * DAYS * DAY));
        }
        events.sort(Comparator.comparingLong(event -> event.time));
        for (int i = 0; i < events.size(); i++) {
            sequences.put(events.get(i), i + 1L);
        }
    }

    private Optional<ErrorCase> newCase(ErrorKinds.Kind kind) {
        for (int i = 0; i < TRIES; i++) {
            ErrorCase error = ErrorCase.of(kind, random);
            if (said.add(error.said())) {
                return Optional.of(error);
            }
        }
        return newCase(kinds.get(random.nextInt(kinds.size())));
    }

    private Optional<ErrorCase> nearOf(ErrorCase error) {
        for (int i = 0; i < TRIES; i++) {
            ErrorCase near = error.near(random);
            if (said.add(near.said())) {
                return Optional.of(near);
            }
        }
        return Optional.empty();
    }

    /** The error happens, is perhaps tried to mend in vain, and is mended. */
    private Target live(ErrorCase error) {
        files.add(error.file());
        long time = START + (long) (random.nextDouble() * DAYS * DAY);
        List<Event> seen = new ArrayList<>();
        seen.add(seen(error, time));
        if (random.nextInt(5) == 0) {
            time += 10 * MINUTE + random.nextInt((int) DAY / 4);
            commit(time, "Try another way", List.of(error.file()));
            time += 5 * MINUTE + random.nextInt((int) DAY / 4);
            seen.add(seen(error, time));
        }
        boolean names = error.kind().lines().stream().anyMatch(line -> line.contains("{F}"));
        time += 5 * MINUTE + random.nextInt((int) DAY);
        int way = random.nextInt(10);
        if (names && way < 2) {
            return new Target(error, seen, edit(time, error.file()));
        }
        if (way < 5) {
            edit(time - 2 * MINUTE, error.file());
        }
        if (!names || way >= 8) {
            return new Target(error, seen, commit(time, error.remedy(random), List.of(anyFile(), anyFile())));
        }
        List<String> touched = new ArrayList<>(List.of(error.file()));
        if (random.nextBoolean()) {
            touched.add(anyFile());
        }
        String message = random.nextBoolean() ? error.remedy(random) : "Make it work again";
        return new Target(error, seen, commit(time, message, touched));
    }

    private Event seen(ErrorCase error, long time) {
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3, 4 -> add("command", time, error.output(random), Map.of("exit", "1"), List.of());
            case 5, 6, 7 -> add("error", time, error.block(random), Map.of(), List.of());
            case 8 ->
                add("note", time, "Seen on the build machine today:\n" + error.block(random), Map.of(), List.of());
            default -> add("note", time, error.block(random), Map.of(), List.of(error.file()));
        };
    }

    private Event edit(long time, String file) {
        return add("edit", time, "edited " + file, Map.of("files", "1", "workspace", "w"), List.of(file));
    }

    private Event commit(long time, String message, List<String> touched) {
        String id = String.format("%08x%032x", random.nextInt(), ++commits);
        return add("commit", time, message, Map.of("commit", id, "author", "Ada"), touched);
    }

    private void other(long time) {
        ErrorCase any = ErrorCase.of(kinds.get(random.nextInt(kinds.size())), random);
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> edit(time, random.nextInt(4) == 0 ? anyFile() : any.file());
            case 4, 5 -> commit(time, "Rename " + any.identity().get("S1") + ", tidy up", List.of(any.file()));
            case 6 -> add("note", time, "Ask Lin about " + any.identity().get("T1"), Map.of(), List.of());
            case 7 -> add("checkout", time, "main -> " + any.identity().get("M1"), Map.of(), List.of());
            default -> {
                ErrorKinds.Tool tool = any.kind().tool();
                ErrorKinds.Kind quiet = new ErrorKinds.Kind(tool, "quiet", List.of("done"));
                add("command", time, new ErrorCase(quiet, any.identity()).output(random), Map.of(), List.of());
            }
        }
    }

    private String anyFile() {
        return files.get(random.nextInt(files.size()));
    }

    private Event add(String kind, long time, String text, Map<String, String> attributes, List<String> touched) {
        Event event = new Event(new Body.AppendEvent(kind, time, text, attributes, touched));
        events.add(event);
        return event;
    }

    /** Everything that happened, in order. */
    List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        for (Event event : events) {
            operations.add(new Operation(
                    new ProjectId("p"),
                    new Origin("o"),
                    sequences.get(event),
                    HybridTime.of(event.time, 0),
                    event.body));
        }
        return operations;
    }

    /** Files that errors speak of. */
    List<String> files() {
        return List.copyOf(new TreeSet<>(files));
    }

    /** Each error as it appears today. */
    List<Recurrence> recurrences() {
        List<Recurrence> recurrences = new ArrayList<>();
        for (Target target : targets) {
            Set<Long> seen = new HashSet<>();
            target.seen().forEach(event -> seen.add(sequences.get(event)));
            recurrences.add(new Recurrence(
                    target.error(),
                    target.error().again(random),
                    seen,
                    sequences.get(target.mended()),
                    target.mended().body.kind() + " " + target.mended().body.text() + " "
                            + target.mended().body.paths()));
        }
        return recurrences;
    }
}
