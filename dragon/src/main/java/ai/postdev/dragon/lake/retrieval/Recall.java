package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.history.Fingerprint;
import ai.postdev.dragon.lake.history.HistoryEvent;
import ai.postdev.dragon.lake.history.HistoryView;
import ai.postdev.dragon.lake.parallel.SharedTasks;
import ai.postdev.v1.Event;
import ai.postdev.v1.RecallAnswer;
import ai.postdev.v1.RecallRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Finds when something like a text happened before: the same again, then what shares its rare words, newer before older;
 * each with what came after, what most likely made it go away first.
 */
final class Recall {
    /** Below this likeness two texts have nothing to do with each other. */
    private static final double ALIKE_MIN = 0.12;

    /** An event of this age counts half as recent as one of today. */
    private static final double HALF_LIFE_DAYS = 120;

    /** Recency decides between events that are alike in about the same measure, no more. */
    private static final double RECENCY_SHARE = 0.02;

    private static final int WORDS_SHOWN = 5;

    private final ProjectId project;
    private final LakeViews views;
    private final Map<String, Integer> counted = new ConcurrentHashMap<>();
    private final RecallSettings settings;
    private final Executor others;
    private final NamedFiles files;
    private final CodeAsItWas code;

    /** @param others lends a thread that makes a part of the answer */
    Recall(LakeViews views, RecallSettings settings, Executor others) {
        this.project = views.project();
        this.views = views;
        this.settings = settings;
        this.others = others;
        this.files = new NamedFiles(views);
        this.code = new CodeAsItWas(views, settings, files);
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
        List<HistoryView.Similar> alike = views.history().similar(request.getText(), 2 * limit, others).stream()
                .filter(found -> found.same() || found.score() >= ALIKE_MIN)
                .toList();
        Set<Long> again = alike.stream()
                .filter(HistoryView.Similar::same)
                .map(found -> found.event().timeMillis())
                .collect(Collectors.toSet());
        List<Ranked> best = alike.stream()
                .map(found -> new Ranked(found.event(), found.same(), score(found, nowMillis)))
                .sorted(Comparator.comparingDouble(Ranked::score)
                        .reversed()
                        .thenComparing(
                                Comparator.comparingLong((Ranked r) -> r.event().timeMillis())
                                        .reversed())
                        .thenComparing(r -> r.event().ordinal()))
                .limit(limit)
                .toList();
        List<Callable<Event>> events = new ArrayList<>();
        int withCode = 0;
        for (Ranked found : best) {
            boolean codeToo = withCode < settings.codeEvents() && mayNameCode(found.event());
            withCode += codeToo ? 1 : 0;
            events.add(() -> shown(found, fingerprint, again, codeToo));
        }
        answer.addAllEvents(SharedTasks.results(events, others));
        return new Reply.Answered<>(answer.setTookMs((System.nanoTime() - started) / 1_000 / 1_000.0)
                .build());
    }

    private static double score(HistoryView.Similar found, long nowMillis) {
        double days = Math.max(0, nowMillis - found.event().timeMillis()) / (double) TimeUnit.DAYS.toMillis(1);
        double recency = HALF_LIFE_DAYS / (HALF_LIFE_DAYS + days);
        return found.score() * (1 - RECENCY_SHARE + RECENCY_SHARE * recency);
    }

    /** A commit is its own code, and an edit's text is but the names of its files. */
    private static boolean mayNameCode(HistoryEvent event) {
        return !event.kind().equals("commit") && !event.kind().equals("edit");
    }

    private Event shown(Ranked found, Fingerprint fingerprint, Set<Long> again, boolean codeToo) {
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
        List<Aftermath.Followed> followed =
                new Aftermath(views, event, counted, files).found(found.same() ? again : Set.of());
        followed.forEach(next -> {
            shown.addFollowedBy(ShownEvent.of(project, next.event()));
            if (!next.why().isEmpty()) {
                shown.addWhy(next.why());
            }
        });
        if (codeToo) {
            shown.addAllCode(code.of(
                    event,
                    followed.stream()
                            .filter(next -> next.worth() > 0)
                            .map(Aftermath.Followed::event)
                            .filter(change -> !change.kind().equals("note"))
                            .findFirst()));
        }
        return shown.build();
    }

    static String shortId(HistoryEvent commit) {
        String id = commit.attributes().getOrDefault("commit", "");
        return id.substring(0, Math.min(10, id.length()));
    }
}
