package ai.postdev.coordinator.gateway;

import ai.postdev.v1.Event;
import ai.postdev.v1.FileVersion;
import ai.postdev.v1.Hit;
import ai.postdev.v1.RecallAnswer;
import ai.postdev.v1.RelatedAnswer;
import ai.postdev.v1.Relation;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.TimelineAnswer;
import ai.postdev.v1.VersionsAnswer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Makes one answer of the answers of several lakes. Pure. */
final class Merge {
    // As moments, not as text: a whole second is written without a fraction, and "Z" comes after ".".
    private static final Comparator<Event> NEWEST_FIRST = Comparator.comparing(
                    (Event event) -> Instant.parse(event.getTime()))
            .reversed()
            .thenComparing(Event::getOrigin)
            .thenComparing(Comparator.comparingLong(Event::getSequence).reversed());

    private Merge() {}

    static SearchAnswer search(
            String query, List<SearchAnswer> answers, List<String> missing, int limit, double tookMs) {
        SearchAnswer.Builder merged = SearchAnswer.newBuilder()
                .setQuery(query)
                .setTookMs(tookMs)
                .setComplete(missing.isEmpty() && answers.stream().allMatch(SearchAnswer::getComplete))
                .addAllMissing(missing);
        answers.forEach(answer -> {
            merged.addAllMissing(answer.getMissingList()).addAllAsOf(answer.getAsOfList());
            if (merged.getMode().isEmpty()) {
                merged.setMode(answer.getMode());
            }
        });
        return merged.addAllHits(answers.stream()
                        .flatMap(answer -> answer.getHitsList().stream())
                        .sorted(Comparator.comparingDouble(Hit::getScore).reversed())
                        .limit(limit)
                        .toList())
                .build();
    }

    static RecallAnswer recall(
            String query, List<RecallAnswer> answers, List<String> missing, int limit, double tookMs) {
        RecallAnswer.Builder merged = RecallAnswer.newBuilder()
                .setQuery(query)
                .setTookMs(tookMs)
                .setComplete(missing.isEmpty() && answers.stream().allMatch(RecallAnswer::getComplete))
                .addAllMissing(missing);
        answers.forEach(answer -> {
            merged.addAllMissing(answer.getMissingList());
            if (merged.getFingerprint().isEmpty()) {
                merged.setFingerprint(answer.getFingerprint());
            }
        });
        return merged.addAllEvents(answers.stream()
                        .flatMap(answer -> answer.getEventsList().stream())
                        .sorted(Comparator.comparingDouble(Event::getScore)
                                .reversed()
                                .thenComparing(NEWEST_FIRST))
                        .limit(limit)
                        .toList())
                .build();
    }

    static RelatedAnswer related(
            String target, List<RelatedAnswer> answers, List<String> missing, int limit, double tookMs) {
        RelatedAnswer.Builder merged = RelatedAnswer.newBuilder()
                .setTarget(target)
                .setTookMs(tookMs)
                .setComplete(missing.isEmpty() && answers.stream().allMatch(RelatedAnswer::getComplete))
                .addAllMissing(missing);
        answers.forEach(answer -> {
            merged.addAllMissing(answer.getMissingList());
            if (merged.getKind().isEmpty()) {
                merged.setKind(answer.getKind());
            }
        });
        if (answers.size() == 1) {
            // The lake's own order may hold more than the score says.
            return merged.addAllRelations(evenly(answers.getFirst().getRelationsList(), limit))
                    .build();
        }
        return merged.addAllRelations(answers.stream()
                        .flatMap(answer -> answer.getRelationsList().stream())
                        .sorted(Comparator.comparingDouble(Relation::getScore).reversed())
                        .limit(limit)
                        .toList())
                .build();
    }

    /** The shortest way that any lake knows; none if no lake knows one. */
    static RelatedAnswer way(String target, List<RelatedAnswer> answers, List<String> unheard, double tookMs) {
        RelatedAnswer.Builder merged = RelatedAnswer.newBuilder()
                .setTarget(target)
                .setKind("path")
                .setTookMs(tookMs)
                .setComplete(unheard.isEmpty() && answers.stream().allMatch(RelatedAnswer::getComplete))
                .addAllMissing(unheard);
        answers.forEach(answer -> merged.addAllMissing(answer.getMissingList()));
        answers.stream()
                .filter(answer -> answer.getRelationsCount() > 0)
                .min(Comparator.comparingInt(RelatedAnswer::getRelationsCount))
                .ifPresent(answer -> merged.addAllRelations(answer.getRelationsList()));
        return merged.build();
    }

    /** At most {@code limit} relations: the kinds take turns, so that none hides another; in the order given. */
    private static List<Relation> evenly(List<Relation> relations, int limit) {
        Map<String, List<Integer>> byKind = new LinkedHashMap<>();
        for (int i = 0; i < relations.size(); i++) {
            byKind.computeIfAbsent(relations.get(i).getKind(), _ -> new ArrayList<>())
                    .add(i);
        }
        TreeSet<Integer> taken = new TreeSet<>();
        for (int turn = 0; taken.size() < Math.min(limit, relations.size()); turn++) {
            for (List<Integer> kind : byKind.values()) {
                if (turn < kind.size() && taken.size() < limit) {
                    taken.add(kind.get(turn));
                }
            }
        }
        return taken.stream().map(relations::get).toList();
    }

    static VersionsAnswer versions(String path, List<VersionsAnswer> answers, List<String> missing, int limit) {
        VersionsAnswer.Builder merged = VersionsAnswer.newBuilder()
                .setPath(path)
                .setComplete(missing.isEmpty() && answers.stream().allMatch(VersionsAnswer::getComplete))
                .addAllMissing(missing);
        answers.forEach(answer -> merged.addAllMissing(answer.getMissingList()));
        return merged.addAllVersions(answers.stream()
                        .flatMap(answer -> answer.getVersionsList().stream())
                        .sorted(Comparator.comparing((FileVersion version) -> Instant.parse(version.getTime()))
                                .thenComparingLong(FileVersion::getSequence)
                                .reversed())
                        .limit(limit)
                        .toList())
                .build();
    }

    static TimelineAnswer timeline(List<TimelineAnswer> answers, List<String> missing, int limit) {
        TimelineAnswer.Builder merged = TimelineAnswer.newBuilder()
                .setComplete(missing.isEmpty() && answers.stream().allMatch(TimelineAnswer::getComplete))
                .addAllMissing(missing);
        answers.forEach(answer -> merged.addAllMissing(answer.getMissingList()));
        return merged.addAllEvents(answers.stream()
                        .flatMap(answer -> answer.getEventsList().stream())
                        .sorted(NEWEST_FIRST)
                        .limit(limit)
                        .toList())
                .build();
    }
}
