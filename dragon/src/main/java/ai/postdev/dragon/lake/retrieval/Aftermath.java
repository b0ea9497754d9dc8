package ai.postdev.dragon.lake.retrieval;

import ai.postdev.dragon.lake.history.CodeNames;
import ai.postdev.dragon.lake.history.FileNames;
import ai.postdev.dragon.lake.history.Fingerprint;
import ai.postdev.dragon.lake.history.HistoryEvent;
import ai.postdev.dragon.lake.history.HistoryView;
import ai.postdev.dragon.lake.history.LaterEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What came after an event, the change that most likely made it go away first. A change counts for the files it touches
 * that the event names, for the event's rare words that it speaks of, and for coming soon; one after which the same
 * happened again did not help.
 */
final class Aftermath {
    private static final long WINDOW_MILLIS = TimeUnit.DAYS.toMillis(7);
    private static final long NEXT_MILLIS = TimeUnit.HOURS.toMillis(12);

    /** Changes and other events after it that are looked at. */
    private static final int CHANGES_MAX = 250;

    private static final int OTHERS_MAX = 50;
    private static final int OTHERS_SHOWN = 3;
    private static final int CHANGES_SHOWN = 2;
    private static final int NAMES_MAX = 8;
    private static final int RESOLVED_MAX = 3;

    /** A change that has less to do with an event is not shown as what changed it. */
    private static final double WORTH_MIN = 0.12;

    /** A change this long after counts half as near as one at once. */
    private static final double HALF_LIFE_HOURS = 18;

    private static final double NEAR_SHARE = 0.6;
    private static final double IN_VAIN = 0.3;
    private static final double PART_EDIT = 0.7;
    private static final double PART_NOTE = 0.3;

    /** Rarest words of the event that a change may speak of. */
    private static final int WORDS_MAX = 40;

    private static final double PLAIN_SHARE = 0.5;

    /** A name that weighs less beside the rarest word of the event is everywhere. */
    private static final double NAME_MIN = 0.3;

    /** What a name counts that is the beginning of a name in the event: a table of its key, a variable of its default. */
    private static final double PART_OF_NAME = 0.6;

    private static final List<HistoryView.Following> ASKED = List.of(
            new HistoryView.Following(WINDOW_MILLIS, CHANGES_MAX, Set.of("commit", "edit", "note")),
            new HistoryView.Following(NEXT_MILLIS, OTHERS_MAX));

    /** Begins where a run of such characters does: it would be tried at each of them otherwise. */
    private static final Pattern FILE =
            Pattern.compile("(?<![\\w@./\\\\+-])[\\w@./\\\\+-]{0,200}[\\w-]\\.[A-Za-z]{1,5}\\b");

    private static final Comparator<Followed> BEST_FIRST = Comparator.comparingDouble(Followed::worth)
            .reversed()
            .thenComparingLong(followed -> followed.event().timeMillis())
            .thenComparingInt(followed -> followed.event().ordinal());

    private final LakeViews views;
    private final NamedFiles resolved;
    private final HistoryEvent event;
    private final Set<String> named = new LinkedHashSet<>();
    private final FileNames namedFiles;
    private final List<Map.Entry<String, Double>> words;
    private final Set<String> names;
    private final String said;
    private final double heaviest;

    /** The changes that are worth most, of those offered; each once. */
    private static final class Changes {
        private final List<Followed> best = new ArrayList<>();

        /** What is worth less is not among them. */
        double least() {
            return best.size() < CHANGES_SHOWN
                    ? WORTH_MIN
                    : Math.max(WORTH_MIN, best.getLast().worth());
        }

        void offer(Followed change) {
            if (change.worth() < least()
                    || best.stream()
                            .anyMatch(one ->
                                    one.event().ordinal() == change.event().ordinal())) {
                return;
            }
            best.add(change);
            best.sort(BEST_FIRST);
            if (best.size() > CHANGES_SHOWN) {
                best.removeLast();
            }
        }

        List<Followed> best() {
            return new ArrayList<>(best);
        }
    }

    /** An event that followed, and why it may have been what changed things; empty: it only came after. */
    record Followed(HistoryEvent event, double worth, String why) {}

    /** @param counted see {@link HistoryView#weights} */
    Aftermath(LakeViews views, HistoryEvent event, Map<String, Integer> counted, NamedFiles resolved) {
        this.views = views;
        this.resolved = resolved;
        this.event = event;
        event.paths().stream().limit(NAMES_MAX).forEach(named::add);
        Matcher file = FILE.matcher(event.text());
        while (file.find() && named.size() < NAMES_MAX) {
            named.add(file.group().replace('\\', '/'));
        }
        namedFiles = FileNames.of(named);
        said = event.text().toLowerCase(Locale.ROOT);
        names = CodeNames.in(event.text(), WORDS_MAX);
        words = views.history().weights(event.text(), counted).entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(WORDS_MAX)
                .toList();
        heaviest = words.isEmpty() ? 1 : words.getFirst().getValue();
    }

    /**
     * What followed, best first, then in the order of time.
     *
     * @param again when the same happened again, in milliseconds since the epoch
     */
    List<Followed> found(Set<Long> again) {
        long last = again.stream()
                .filter(time -> time > event.timeMillis() && time <= event.timeMillis() + WINDOW_MILLIS)
                .mapToLong(Long::longValue)
                .max()
                .orElse(event.timeMillis());
        Changes changes = new Changes();
        List<List<LaterEvent>> after = views.history().after(event, ASKED);
        after.getFirst().forEach(change -> weigh(change, last, changes));
        for (String path : files()) {
            views.history().next("commit", path, last).ifPresent(commit -> weigh(commit, last, changes));
        }
        List<Followed> followed = changes.best();
        Set<Integer> told = new HashSet<>();
        followed.forEach(change -> told.add(change.event().ordinal()));
        // Edits are many and say little; what was run, noted and committed tells how it went on.
        after.getLast().stream()
                .filter(next -> !next.kind().equals("edit") && !told.contains(next.ordinal()))
                .limit(OTHERS_SHOWN)
                .forEach(next -> followed.add(new Followed(next.event(), 0, "")));
        return followed;
    }

    /** Adds a change, unless it cannot be among those shown whatever it touches and says: that is not read then. */
    private void weigh(LaterEvent change, long last, Changes changes) {
        weighed(change, last, changes.least()).ifPresent(changes::offer);
    }

    private Optional<Followed> weighed(LaterEvent change, long last, double least) {
        String kind = change.kind();
        double hours = Math.max(0, change.timeMillis() - event.timeMillis()) / (double) TimeUnit.HOURS.toMillis(1);
        double near = 1 - NEAR_SHARE + NEAR_SHARE * HALF_LIFE_HOURS / (HALF_LIFE_HOURS + hours);
        double part = kind.equals("edit") ? PART_EDIT : kind.equals("note") ? PART_NOTE : 1;
        double most = part * near / 2 * (change.timeMillis() < last ? IN_VAIN : 1);
        double words = kind.equals("edit") ? 0 : 1;
        if (most * (1 + words) < least) {
            return Optional.empty();
        }
        List<String> paths = change.touches(namedFiles) ? change.paths() : List.of();
        String touched = paths.stream().filter(this::named).findFirst().orElse("");
        double files = touched.isEmpty() ? 0 : 1 / (1 + Math.log1p(Math.max(0, paths.size() - 1)) / 3);
        if (most * (files + words) < least) {
            return Optional.empty();
        }
        // the text of an edit is but the paths of its files
        String text = kind.equals("edit") ? "" : change.text();
        if (kind.equals("note") && Fingerprint.saysOfFailure(text)) {
            return Optional.empty();
        }
        Spoken spoken = spoken(text);
        double worth = most * (files + spoken.share());
        return worth < least
                ? Optional.empty()
                : Optional.of(new Followed(change.event(), worth, why(change.event(), touched, spoken.rarest())));
    }

    /** What a text speaks of: the word of the event that counts most, and how much; 0: none. */
    private record Spoken(double share, String rarest) {}

    private Spoken spoken(String text) {
        double share = 0;
        String rarest = "";
        String folded = text.toLowerCase(Locale.ROOT);
        for (Map.Entry<String, Double> word : words) {
            double rare = word.getValue() / heaviest;
            // a name of code in a message is no accident, a common word may be
            double told = rare < NAME_MIN || !names.contains(word.getKey()) ? rare * PLAIN_SHARE : (1 + rare) / 2;
            if (told > share && says(folded, word.getKey())) {
                share = told;
                rarest = word.getKey();
            }
        }
        for (String name : share > PLAIN_SHARE || text.isEmpty() ? Set.<String>of() : CodeNames.in(text, NAMES_MAX)) {
            if (said.contains(name)) { // as a part of a longer name
                share = PART_OF_NAME;
                rarest = name;
            }
        }
        return new Spoken(share, rarest);
    }

    /** Whether a word stands in a text by itself. */
    private static boolean says(String text, String word) {
        for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
            int end = at + word.length();
            if ((at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)))
                    && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end)))) {
                return true;
            }
        }
        return false;
    }

    private static String why(HistoryEvent change, String touched, String rarest) {
        String what = change.kind().equals("commit") ? "commit " + Recall.shortId(change) : change.kind();
        if (!touched.isEmpty()) {
            return "then " + what + " touched " + touched;
        }
        return rarest.isEmpty() ? "" : "then " + what + " speaks of " + rarest;
    }

    /** Whether the event names the path: in the whole, below some other root, or its last parts. */
    private boolean named(String path) {
        return named.stream()
                .anyMatch(name -> name.equals(path) || name.endsWith("/" + path) || path.endsWith("/" + name));
    }

    /** The files of the project that the event touches, or names in its text. */
    private Set<String> files() {
        Set<String> files = new LinkedHashSet<>();
        if (event.kind().equals("commit")) {
            return files; // what a commit touched is the commit itself; the next one is no answer to it
        }
        for (String name : named) {
            if (files.size() < RESOLVED_MAX) {
                resolved.path(name).ifPresent(files::add);
            }
        }
        return files;
    }
}
