package ai.postdev.coordinator.gateway;

import ai.postdev.coordinator.gateway.Directory.KnownProject;
import ai.postdev.v1.AsOf;
import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.DiffAnswer;
import ai.postdev.v1.Event;
import ai.postdev.v1.Hit;
import ai.postdev.v1.PinAnswer;
import ai.postdev.v1.RecallAnswer;
import ai.postdev.v1.RelatedAnswer;
import ai.postdev.v1.Relation;
import ai.postdev.v1.RememberAnswer;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.ShowAnswer;
import ai.postdev.v1.TimelineAnswer;
import ai.postdev.v1.VersionsAnswer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Adds the names of projects to answers: lakes know themselves by their ids, people by names. Pure. */
final class ProjectNames {
    private final Map<String, String> byId;

    private ProjectNames(Map<String, String> byId) {
        this.byId = byId;
    }

    static ProjectNames of(List<KnownProject> projects) {
        Map<String, String> byId = new HashMap<>();
        projects.forEach(project -> byId.putIfAbsent(project.id().value(), project.name()));
        return new ProjectNames(byId);
    }

    /** The name of a project; empty if it has none. */
    String of(String id) {
        return byId.getOrDefault(id, "");
    }

    SearchAnswer on(SearchAnswer answer) {
        SearchAnswer.Builder named = answer.toBuilder();
        named.getHitsBuilderList().forEach((Hit.Builder hit) -> hit.setProjectName(of(hit.getProject())));
        named.getAsOfBuilderList().forEach((AsOf.Builder asOf) -> asOf.setProjectName(of(asOf.getProject())));
        return named.build();
    }

    RecallAnswer on(RecallAnswer answer) {
        RecallAnswer.Builder named = answer.toBuilder();
        named.getEventsBuilderList().forEach(this::name);
        return named.build();
    }

    TimelineAnswer on(TimelineAnswer answer) {
        TimelineAnswer.Builder named = answer.toBuilder();
        named.getEventsBuilderList().forEach(this::name);
        return named.build();
    }

    private void name(Event.Builder event) {
        event.setProjectName(of(event.getProject()));
        event.getFollowedByBuilderList().forEach(this::name);
    }

    RelatedAnswer on(RelatedAnswer answer) {
        RelatedAnswer.Builder named = answer.toBuilder();
        named.getRelationsBuilderList().forEach(this::name);
        return named.build();
    }

    private void name(Relation.Builder relation) {
        relation.setProjectName(of(relation.getProject()));
    }

    ContextAnswer on(ContextAnswer answer) {
        ContextAnswer.Builder named = answer.toBuilder();
        named.getItemsBuilderList().forEach(item -> item.setProjectName(of(item.getProject())));
        named.getFactsBuilderList().forEach(this::name);
        named.getAsOfBuilderList().forEach(asOf -> asOf.setProjectName(of(asOf.getProject())));
        return named.build();
    }

    ShowAnswer on(ShowAnswer answer) {
        return answer.toBuilder().setProjectName(of(answer.getProject())).build();
    }

    DiffAnswer on(DiffAnswer answer) {
        return answer.toBuilder().setProjectName(of(answer.getProject())).build();
    }

    VersionsAnswer on(VersionsAnswer answer) {
        VersionsAnswer.Builder named = answer.toBuilder();
        named.getVersionsBuilderList().forEach(version -> version.setProjectName(of(version.getProject())));
        return named.build();
    }

    PinAnswer on(PinAnswer answer) {
        PinAnswer.Builder named = answer.toBuilder();
        name(named.getEventBuilder());
        return named.build();
    }

    RememberAnswer on(RememberAnswer answer) {
        return answer.toBuilder().setProjectName(of(answer.getProject())).build();
    }
}
