package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.history.HistoryQuery;
import ai.postdev.v1.Event;
import ai.postdev.v1.RecallAnswer;
import ai.postdev.v1.RecallRequest;
import ai.postdev.v1.RelatedAnswer;
import ai.postdev.v1.RelatedRequest;
import ai.postdev.v1.Relation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects what matters beside the code, each fact once and in one line: notes, what happened that is like the question,
 * files that change together, commits. One request; one thread.
 */
final class ContextFacts {
    private static final int EACH_MAX = 3;
    private static final int OF_PLACE_MAX = 6;

    /** Below this an event is not about the question. */
    private static final double ALIKE_MIN = 0.25;

    /** The order in which facts are told. */
    private static final List<String> KINDS = List.of("notes", "happened", "changes-with", "touched-by");

    private static final Set<String> EVENTS = Set.of("note", "commit", "error", "command", "build", "test");

    private final LakeViews views;
    private final Retrieval retrieval;
    private final Map<String, List<Relation>> byKind = new LinkedHashMap<>();

    ContextFacts(LakeViews views, Retrieval retrieval) {
        this.views = views;
        this.retrieval = retrieval;
        KINDS.forEach(kind -> byKind.put(kind, new ArrayList<>()));
    }

    /** Notes, companions and commits of a file. */
    void ofFile(String path) {
        related(path, EACH_MAX).forEach(relation -> addAbout(path, relation));
    }

    /** The same of a place; gives back what is like it. */
    List<Relation> ofPlace(String path, int line) {
        List<Relation> similar = new ArrayList<>();
        for (Relation relation : related(line > 0 ? path + ":" + line : path, OF_PLACE_MAX)) {
            if (relation.getKind().equals("similar")) {
                similar.add(relation);
            }
            addAbout(path, relation);
        }
        return similar;
    }

    private List<Relation> related(String target, int limit) {
        return retrieval.related(
                                RelatedRequest.newBuilder()
                                        .setTarget(target)
                                        .setLimit(limit)
                                        .build(),
                                views)
                        instanceof Reply.Answered<RelatedAnswer>(RelatedAnswer answer)
                ? answer.getRelationsList()
                : List.of();
    }

    /** In a list about several files a line has to name the one it is about. */
    private void addAbout(String path, Relation relation) {
        switch (relation.getKind()) {
            case "notes" -> add(relation);
            case "changes-with" -> {
                // That they change together may have been told from the other side.
                if (!isTold(relation.getKey(), path)) {
                    add(relation.toBuilder()
                            .setText("with " + path + " " + relation.getText())
                            .build());
                }
            }
            case "touched-by" ->
                add(relation.toBuilder()
                        .setText(path + ": " + relation.getText())
                        .build());
            default -> {
                // Definitions are in the code that is shown.
            }
        }
    }

    /** What happened that is like the question, as of the newest event, so that the same lake tells the same. */
    void ofQuestion(String question) {
        long now = views.history().find(HistoryQuery.newest(1)).stream()
                .mapToLong(event -> event.timeMillis())
                .max()
                .orElse(0);
        RecallRequest request = RecallRequest.newBuilder().setText(question).build();
        if (new Recall(views, RecallSettings.NO_CODE, Runnable::run).recall(request, 4 * EACH_MAX, now)
                instanceof Reply.Answered<RecallAnswer>(RecallAnswer answer)) {
            answer.getEventsList().stream()
                    .filter(event -> event.getScore() >= ALIKE_MIN && EVENTS.contains(event.getKind()))
                    .limit(2 * EACH_MAX)
                    .forEach(event -> add(happened(event)));
        }
    }

    private static Relation happened(Event event) {
        String commit = event.getAttributesOrDefault("commit", "");
        return Relation.newBuilder()
                .setKind("happened")
                .setType(event.getKind())
                .setKey(commit.isEmpty() ? event.getOrigin() + "/" + event.getSequence() : commit)
                .setText(event.getText().lines().findFirst().orElse(""))
                .setTime(event.getTime())
                .setScore(event.getScore())
                .setProject(event.getProject())
                .build();
    }

    private boolean isTold(String path, String companion) {
        return byKind.get("changes-with").stream()
                .anyMatch(fact ->
                        fact.getKey().equals(companion) && fact.getText().startsWith("with " + path + " "));
    }

    private void add(Relation fact) {
        List<Relation> same = byKind.get(fact.getKind());
        boolean told = byKind.values().stream()
                .flatMap(List::stream)
                .anyMatch(other -> other.getType().equals(fact.getType())
                        && other.getKey().equals(fact.getKey())
                        && (fact.getKind().equals(other.getKind())
                                || fact.getType().equals("commit")));
        if (!told) {
            same.add(fact);
        }
    }

    /** At most {@code max} facts: notes first, commits last. */
    List<Relation> all(int max) {
        return KINDS.stream()
                .flatMap(kind -> byKind.get(kind).stream())
                .limit(max)
                .toList();
    }
}
