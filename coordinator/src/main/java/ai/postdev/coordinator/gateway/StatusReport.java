package ai.postdev.coordinator.gateway;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.LakeProtocol.LakeState;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.v1.LakeStatus;
import ai.postdev.v1.ProjectStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts together what the lakes know (what is searchable) and what the watchers know (what lies on the disk). Pure.
 *
 * @param projects one row for each workspace
 * @param lake the sum over the lakes that answered
 */
record StatusReport(List<ProjectStatus> projects, LakeStatus lake) {
    StatusReport {
        projects = List.copyOf(projects);
    }

    /**
     * Combines both sides.
     *
     * @param watched rows of the watchers of this node
     * @param replies of each known lake
     */
    static StatusReport of(
            List<Directory.KnownProject> known, List<ProjectStatus> watched, Map<ProjectId, Reply<LakeState>> replies) {
        Map<String, ProjectStatus> rows = new LinkedHashMap<>();
        LakeStatus.Builder sum = LakeStatus.newBuilder();
        Map<String, String> silent = new LinkedHashMap<>();
        replies.forEach((project, reply) -> {
            switch (reply) {
                case Reply.Answered<LakeState>(LakeState state) -> {
                    add(sum, state.lake());
                    state.workspaces().forEach(row -> rows.put(key(row), row));
                }
                case Reply.Refused<LakeState>(Reply.Reason _, String message) -> silent.put(project.value(), message);
            }
        });
        for (ProjectStatus row : watched) {
            ProjectStatus ofLake = rows.get(key(row));
            rows.put(key(row), ofLake == null ? row : combine(ofLake, row));
        }
        for (Directory.KnownProject project : known) {
            boolean shown = rows.values().stream()
                    .anyMatch(row -> row.getId().equals(project.id().value()));
            if (!shown) {
                rows.put(
                        project.id().value() + '\n' + project.root(),
                        ProjectStatus.newBuilder().setId(project.id().value()).build());
            }
        }
        List<ProjectStatus> complete = new ArrayList<>();
        for (ProjectStatus row : rows.values()) {
            ProjectStatus.Builder next = row.toBuilder();
            known.stream()
                    .filter(project -> project.id().value().equals(row.getId()))
                    .min(Comparator.comparing(project -> !project.root().equals(row.getRoot())))
                    .ifPresent(project -> fill(next, project));
            String problem = silent.get(row.getId());
            if (problem != null) {
                next.setProblem(row.getProblem().isEmpty() ? problem : row.getProblem() + "; " + problem);
            }
            complete.add(next.build());
        }
        complete.sort(Comparator.comparing(ProjectStatus::getName).thenComparing(ProjectStatus::getRoot));
        return new StatusReport(complete, sum.build());
    }

    /**
     * The same, where checkouts whose lake is on {@code node} and that nobody watches there say so: what is remembered of
     * them is whole as soon as it is parsed, for instance after a restore.
     */
    StatusReport unwatchedOn(String node) {
        return new StatusReport(
                projects.stream()
                        .map(row -> row.getState().isEmpty()
                                        && row.getProblem().isEmpty()
                                        && row.getNode().equals(node)
                                ? row.toBuilder()
                                        .setState("unwatched")
                                        .setIndexed(row.getParsed() >= row.getFiles())
                                        .build()
                                : row)
                        .toList(),
                lake);
    }

    private static String key(ProjectStatus row) {
        return row.getId() + '\n' + row.getWorkspace();
    }

    /** The watcher's words, but the lake's counts of what can be found: a file that is only seen is not yet there. */
    private static ProjectStatus combine(ProjectStatus lake, ProjectStatus watcher) {
        ProjectStatus.Builder both = lake.toBuilder().mergeFrom(watcher);
        both.clearSkipped()
                .addAllSkipped(watcher.getSkippedCount() > 0 ? watcher.getSkippedList() : lake.getSkippedList());
        return both.setFiles(lake.getFiles())
                .setBytes(lake.getBytes())
                .setChunks(lake.getChunks())
                .setEmbedded(lake.getEmbedded())
                .setSymbols(lake.getSymbols())
                .setParsed(lake.getParsed())
                .setUnranked(lake.getUnranked())
                .setSequence(lake.getSequence())
                .setCommits(Math.max(lake.getCommits(), watcher.getCommits()))
                .setIndexed(watcher.getIndexed())
                .build();
    }

    private static void fill(ProjectStatus.Builder row, Directory.KnownProject project) {
        if (row.getName().isEmpty()) {
            row.setName(project.name());
        }
        if (row.getRoot().isEmpty()) {
            row.setRoot(project.root());
        }
        if (row.getNode().isEmpty()) {
            row.setNode(project.node());
        }
    }

    private static void add(LakeStatus.Builder sum, LakeStatus one) {
        sum.setOperations(sum.getOperations() + one.getOperations())
                .setJournalBytes(sum.getJournalBytes() + one.getJournalBytes())
                .setBlobs(sum.getBlobs() + one.getBlobs())
                .setBlobBytes(sum.getBlobBytes() + one.getBlobBytes())
                .setBlobDiskBytes(sum.getBlobDiskBytes() + one.getBlobDiskBytes())
                .setVectors(sum.getVectors() + one.getVectors())
                .setNeighboursChecked(sum.getNeighboursChecked() + one.getNeighboursChecked())
                .setNeighboursFound(sum.getNeighboursFound() + one.getNeighboursFound())
                .setEvents(sum.getEvents() + one.getEvents())
                .setNodes(sum.getNodes() + one.getNodes())
                .setEdges(sum.getEdges() + one.getEdges())
                .setTextBytesInMemory(sum.getTextBytesInMemory() + one.getTextBytesInMemory())
                .setEventsPinned(sum.getEventsPinned() + one.getEventsPinned())
                .setEventsDropped(sum.getEventsDropped() + one.getEventsDropped())
                .setDroppedBytes(sum.getDroppedBytes() + one.getDroppedBytes())
                .setDroppedHeldBytes(sum.getDroppedHeldBytes() + one.getDroppedHeldBytes());
        one.getRetentionList().stream()
                .filter(rule -> !sum.getRetentionList().contains(rule))
                .forEach(sum::addRetention);
    }
}
