package ai.postdev.dragon.lake.retrieval;

import ai.postdev.dragon.lake.history.CodeNames;
import ai.postdev.dragon.lake.history.Fingerprint;
import ai.postdev.dragon.lake.history.HistoryEvent;
import ai.postdev.dragon.lake.history.HistoryQuery;
import ai.postdev.dragon.lake.history.HistoryView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
    private static final int COMMITS_MAX = 500;
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

    private final LakeViews views;
    private final NamedFiles resolved;
    private final HistoryEvent event;
    private final Set<String> named = new LinkedHashSet<>();
    private final List<Map.Entry<String, Double>> words;
    private final Set<String> names;
    private final String said;
    private final double heaviest;

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
        Map<Integer, Followed> changes = new LinkedHashMap<>();
        List<List<HistoryEvent>> after = views.history().after(event, ASKED);
        after.getFirst().stream()
                .filter(change -> !change.kind().equals("note") || !Fingerprint.saysOfFailure(change.text()))
                .forEach(change -> weigh(change, last, changes));
        for (String path : files()) {
            nextCommit(path, last).ifPresent(commit -> weigh(commit, last, changes));
        }
        List<Followed> followed = new ArrayList<>(changes.values().stream()
                .filter(change -> change.worth() >= WORTH_MIN)
                .sorted(Comparator.comparingDouble(Followed::worth)
                        .reversed()
                        .thenComparingLong(f -> f.event().timeMillis())
                        .thenComparingInt(f -> f.event().ordinal()))
                .limit(CHANGES_SHOWN)
                .toList());
        Set<Integer> told = new HashSet<>();
        followed.forEach(change -> told.add(change.event().ordinal()));
        // Edits are many and say little; what was run, noted and committed tells how it went on.
        after.getLast().stream()
                .filter(next -> !next.kind().equals("edit") && !told.contains(next.ordinal()))
                .limit(OTHERS_SHOWN)
                .forEach(next -> followed.add(new Followed(next, 0, "")));
        return followed;
    }

    /** Adds a change, unless it cannot be among those shown whatever its text says: that is not read then. */
    private void weigh(HistoryEvent change, long last, Map<Integer, Followed> changes) {
        double[] best =
                changes.values().stream().mapToDouble(Followed::worth).sorted().toArray();
        double least = best.length < CHANGES_SHOWN ? WORTH_MIN : Math.max(WORTH_MIN, best[best.length - CHANGES_SHOWN]);
        weighed(change, last, least)
                .filter(weighed -> weighed.worth() >= least)
                .ifPresent(weighed -> changes.put(change.ordinal(), weighed));
    }

    private Optional<Followed> weighed(HistoryEvent change, long last, double least) {
        String touched = touched(change);
        double files = touched.isEmpty()
                ? 0
                : 1 / (1 + Math.log1p(Math.max(0, change.paths().size() - 1)) / 3);
        double hours = Math.max(0, change.timeMillis() - event.timeMillis()) / (double) TimeUnit.HOURS.toMillis(1);
        double near = 1 - NEAR_SHARE + NEAR_SHARE * HALF_LIFE_HOURS / (HALF_LIFE_HOURS + hours);
        double part = change.kind().equals("edit") ? PART_EDIT : change.kind().equals("note") ? PART_NOTE : 1;
        double most = part * near / 2 * (change.timeMillis() < last ? IN_VAIN : 1);
        if (most * (files + (change.kind().equals("edit") ? 0 : 1)) < least) {
            return Optional.empty();
        }
        double share = 0;
        String rarest = "";
        // the text of an edit is but the paths of its files
        String text = change.kind().equals("edit") ? "" : change.text().toLowerCase(Locale.ROOT);
        for (Map.Entry<String, Double> word : words) {
            double rare = word.getValue() / heaviest;
            // a name of code in a message is no accident, a common word may be
            double told = rare < NAME_MIN || !names.contains(word.getKey()) ? rare * PLAIN_SHARE : (1 + rare) / 2;
            if (told > share && says(text, word.getKey())) {
                share = told;
                rarest = word.getKey();
            }
        }
        for (String name :
                share > PLAIN_SHARE || text.isEmpty() ? Set.<String>of() : CodeNames.in(change.text(), NAMES_MAX)) {
            if (said.contains(name)) { // as a part of a longer name
                share = PART_OF_NAME;
                rarest = name;
            }
        }
        return Optional.of(new Followed(change, most * (files + share), why(change, touched, rarest)));
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

    /** The path of a change that the event names; empty if there is none. */
    private String touched(HistoryEvent change) {
        return change.paths().stream().filter(this::named).findFirst().orElse("");
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

    private Optional<HistoryEvent> nextCommit(String path, long after) {
        List<HistoryEvent> later = views.history()
                .find(HistoryQuery.newest(COMMITS_MAX)
                        .withKinds(Set.of("commit"))
                        .withPath(path)
                        .withTime(after + 1, Long.MAX_VALUE));
        return later.isEmpty() ? Optional.empty() : Optional.of(later.getLast());
    }
}
