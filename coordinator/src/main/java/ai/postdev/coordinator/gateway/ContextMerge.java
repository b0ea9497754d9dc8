package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.text.ContextMarkdown;
import ai.postdev.actors.text.TokenBound;
import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.ContextItem;
import ai.postdev.v1.ContextRequest;
import ai.postdev.v1.Relation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes one context of those of several lakes, each of which would fill the budget alone: the best items stay. Pure. */
final class ContextMerge {
    /** Part of the budget that facts may take before the items; all of it may go to items of one project. */
    private static final int FACTS_PART = 7;

    private ContextMerge() {}

    /**
     * One answer.
     *
     * @param answers with the names of their projects
     * @param missing for each lake that gave no answer, why
     * @throws DoorFault if the path that was asked for is in several projects
     */
    static ContextAnswer of(ContextRequest request, List<ContextAnswer> answers, List<String> missing, double tookMs) {
        boolean file = !request.getPath().isBlank();
        if (file && answers.size() > 1) {
            throw new DoorFault(
                    FaultCode.INVALID_ARGUMENT,
                    "'" + request.getPath() + "' is in several projects: "
                            + answers.stream()
                                    .flatMap(answer -> answer.getAsOfList().stream())
                                    .map(asOf -> asOf.getProjectName())
                                    .distinct()
                                    .collect(Collectors.joining(", "))
                            + "; name one with --project");
        }
        if (answers.size() == 1 && missing.isEmpty()) {
            return answers.getFirst().toBuilder().setTookMs(tookMs).build();
        }
        return packed(answers, missing)
                .setQuery(request.getQuery())
                .setPath(request.getPath())
                .setLine(request.getLine())
                .setSimilarity(answers.stream()
                        .mapToDouble(ContextAnswer::getSimilarity)
                        .max()
                        .orElse(0))
                .setTookMs(tookMs)
                .build();
    }

    private static ContextAnswer.Builder packed(List<ContextAnswer> answers, List<String> missing) {
        List<ContextItem> items = new ArrayList<>();
        List<Relation> facts = new ArrayList<>();
        int budget = answers.stream().mapToInt(ContextAnswer::getBudget).min().orElse(0);
        ContextAnswer.Builder merged = ContextAnswer.newBuilder()
                .setBudget(budget)
                .setComplete(missing.isEmpty() && answers.stream().allMatch(ContextAnswer::getComplete))
                .addAllMissing(missing);
        int leftOut = 0;
        int factsLeftOut = 0;
        for (ContextAnswer answer : answers) {
            merged.addAllMissing(answer.getMissingList()).addAllAsOf(answer.getAsOfList());
            items.addAll(answer.getItemsList());
            facts.addAll(answer.getFactsList());
            leftOut += answer.getLeftOut();
            factsLeftOut += answer.getFactsLeftOut();
        }
        items.sort(Comparator.comparingDouble(ContextItem::getScore).reversed());
        int room = budget
                - ContextMarkdown.frameTokens(merged.setLeftOut(leftOut + items.size())
                        .setFactsLeftOut(factsLeftOut + facts.size())
                        .build());
        int factsRoom = Math.min(room, budget / FACTS_PART);
        List<Relation> told = new ArrayList<>();
        for (Relation fact : facts) {
            int tokens = ContextMarkdown.factTokens(fact, true);
            if (tokens <= factsRoom) {
                factsRoom -= tokens;
                room -= tokens;
                told.add(fact);
            }
        }
        List<ContextItem> shown = new ArrayList<>();
        Set<String> texts = new HashSet<>();
        int copies = 0;
        for (ContextItem item : items) {
            int tokens = ContextMarkdown.itemTokens(item, true);
            if (texts.contains(item.getText())) {
                copies++;
            } else if (tokens <= room) {
                room -= tokens;
                texts.add(item.getText());
                shown.add(item);
            }
        }
        merged.addAllItems(byFile(shown))
                .addAllFacts(told)
                .setLeftOut(leftOut + items.size() - copies - shown.size())
                .setFactsLeftOut(factsLeftOut + facts.size() - told.size());
        return merged.setTokens(TokenBound.of(ContextMarkdown.of(merged.build())));
    }

    /** Files by their best item, then lines. */
    private static List<ContextItem> byFile(List<ContextItem> byScore) {
        Map<String, List<ContextItem>> files = new LinkedHashMap<>();
        byScore.forEach(item -> files.computeIfAbsent(
                        item.getProject() + '\n' + item.getWorkspace() + '\n' + item.getPath(), _ -> new ArrayList<>())
                .add(item));
        files.values().forEach(file -> file.sort(Comparator.comparingInt(ContextItem::getStartLine)));
        return files.values().stream().flatMap(List::stream).toList();
    }
}
