package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.history.Fingerprint;
import ai.postdev.dragon.lake.history.HistoryEvent;
import ai.postdev.dragon.lake.history.HistoryQuery;
import ai.postdev.dragon.lake.history.HistoryView;
import ai.postdev.v1.Event;
import ai.postdev.v1.RecallAnswer;
import ai.postdev.v1.RecallRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds when something like a text happened before: the same again by its fingerprint, then what shares its rare words,
 * newer before older; each with what came after and the commit that next touched the files it names.
 */
final class Recall {
    /** Below this share of common words two texts have nothing to do with each other. */
    private static final double ALIKE_MIN = 0.12;

    /** An event of this age counts half as recent as one of today. */
    private static final double HALF_LIFE_DAYS = 120;

    /** Recency decides between events that are alike in about the same measure, no more. */
    private static final double RECENCY_SHARE = 0.2;

    /** What is merely alike never counts as much as the same again. */
    private static final double ALIKE_CEILING = 0.9;

    private static final long AFTER_MILLIS = TimeUnit.HOURS.toMillis(12);
    private static final int AFTER_LOOKED_AT = 50;
    private static final int AFTER_SHOWN = 3;
    private static final int COMMITS_LOOKED_AT = 500;
    private static final int PATHS_MAX = 8;
    private static final int WORDS_SHOWN = 5;

    private static final Pattern PATH = Pattern.compile("[\\w@./-]{0,200}[\\w-]\\.[A-Za-z]{1,5}\\b");

    private final ProjectId project;
    private final LakeViews views;

    Recall(LakeViews views) {
        this.project = views.project();
        this.views = views;
    }

    /** An event and what it is worth to the one who asks. */
    private record Ranked(HistoryEvent event, boolean same, double score) {}

    Reply<RecallAnswer> recall(RecallRequest request, int limit, long nowMillis) {
        long started = System.nanoTime();
        if (request.getText().isBlank()) {
            return new Reply.Refused<>(
                    Reply.Reason.INVALID, "the text to recall is empty; give an error, a command or words");
        }
        Fingerprint fingerprint = Fingerprint.of(request.getText());
        RecallAnswer.Builder answer = RecallAnswer.newBuilder()
                .setQuery(request.getText())
                .setComplete(true)
                .setFingerprint(fingerprint.hex());
        views.history().similar(fingerprint, 4 * limit, _ -> true).stream()
                .filter(found -> found.same() || found.score() >= ALIKE_MIN)
                .map(found -> new Ranked(found.event(), found.same(), score(found, nowMillis)))
                .sorted(Comparator.comparingDouble(Ranked::score)
                        .reversed()
                        .thenComparing(
                                Comparator.comparingLong((Ranked r) -> r.event().timeMillis())
                                        .reversed())
                        .thenComparing(r -> r.event().ordinal()))
                .limit(limit)
                .forEach(found -> answer.addEvents(shown(found, fingerprint)));
        return new Reply.Answered<>(answer.setTookMs((System.nanoTime() - started) / 1_000 / 1_000.0)
                .build());
    }

    private static double score(HistoryView.Similar found, long nowMillis) {
        double days = Math.max(0, nowMillis - found.event().timeMillis()) / (double) TimeUnit.DAYS.toMillis(1);
        double recency = HALF_LIFE_DAYS / (HALF_LIFE_DAYS + days);
        double likeness = found.same() ? 1 : ALIKE_CEILING * found.score();
        return likeness * (1 - RECENCY_SHARE + RECENCY_SHARE * recency);
    }

    private Event shown(Ranked found, Fingerprint fingerprint) {
        HistoryEvent event = found.event();
        Event.Builder shown =
                ShownEvent.of(project, event).toBuilder().setScore(Math.round(found.score() * 10_000) / 10_000.0);
        if (found.same()) {
            shown.addWhy("the same again");
        } else {
            Set<String> shared = new TreeSet<>(fingerprint.tokens());
            shared.retainAll(Fingerprint.of(event.text()).tokens());
            shown.addWhy("words: " + shared.stream().limit(WORDS_SHOWN).collect(Collectors.joining(", ")));
        }
        List<HistoryEvent> after = new ArrayList<>();
        for (HistoryEvent next : views.history().after(event, AFTER_MILLIS, AFTER_LOOKED_AT)) {
            // Edits are many and say little; what was run, noted and committed tells how it went on.
            if (!next.kind().equals("edit") && after.size() < AFTER_SHOWN) {
                after.add(next);
            }
        }
        Set<Integer> told = after.stream().map(HistoryEvent::ordinal).collect(Collectors.toSet());
        for (String path : paths(event)) {
            HistoryEvent commit = nextCommit(path, event);
            if (commit != null && told.add(commit.ordinal())) {
                after.add(commit);
                shown.addWhy("then commit " + shortId(commit) + " touched " + path);
            }
        }
        after.sort(Comparator.comparingLong(HistoryEvent::timeMillis).thenComparing(HistoryEvent::ordinal));
        after.forEach(next -> shown.addFollowedBy(ShownEvent.of(project, next)));
        return shown.build();
    }

    /** The files an event touches, or names in its text, by their paths in the project. */
    private Set<String> paths(HistoryEvent event) {
        Set<String> paths = new LinkedHashSet<>();
        if (event.kind().equals("commit")) {
            return paths; // what a commit touched is the commit itself; the next one is no answer to it
        }
        event.paths().stream().limit(PATHS_MAX).forEach(paths::add);
        Matcher named = PATH.matcher(event.text());
        while (named.find() && paths.size() < PATHS_MAX) {
            Targets.file(named.group(), views).ifPresent(document -> paths.add(document.path()));
        }
        return paths;
    }

    private HistoryEvent nextCommit(String path, HistoryEvent event) {
        List<HistoryEvent> later = views.history()
                .find(HistoryQuery.newest(COMMITS_LOOKED_AT)
                        .withKinds(Set.of("commit"))
                        .withPath(path)
                        .withTime(event.timeMillis() + 1, Long.MAX_VALUE));
        return later.isEmpty() ? null : later.getLast();
    }

    static String shortId(HistoryEvent commit) {
        String id = commit.attributes().getOrDefault("commit", "");
        return id.substring(0, Math.min(10, id.length()));
    }
}
