package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.WorkspaceProtocol;
import ai.postdev.coordinator.gateway.Directory.KnownProject;
import ai.postdev.v1.ClusterStatus;
import ai.postdev.v1.DoctorAnswer;
import ai.postdev.v1.DoctorRequest;
import ai.postdev.v1.Finding;
import ai.postdev.v1.LakeAnswer;
import ai.postdev.v1.LakeRequest;
import ai.postdev.v1.MemoryHolding;
import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.ProjectsAnswer;
import ai.postdev.v1.ProjectsRequest;
import ai.postdev.v1.ServingAnswer;
import ai.postdev.v1.StatusAnswer;
import ai.postdev.v1.StatusRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The state of the node and of what it remembers: status, projects, doctor and memory. */
final class StateCalls {
    private static final Logger LOG = LoggerFactory.getLogger(StateCalls.class);

    private final Caller caller;
    private final ServingCalls serving;

    StateCalls(Caller caller, ServingCalls serving) {
        this.caller = caller;
        this.serving = serving;
    }

    CompletionStage<StatusAnswer> status(StatusRequest request) {
        return report().thenCombineAsync(
                        caller.parts().facts().models(),
                        (report, models) -> StatusAnswer.newBuilder()
                                .setNode(caller.parts().facts().node())
                                .addAllProjects(report.projects())
                                .setLake(report.lake().toBuilder()
                                        .mergeFrom(caller.parts().facts().journal()))
                                .addAllModels(models)
                                .setCluster(ClusterStatus.newBuilder()
                                        .addAllMembers(
                                                caller.parts().directory().members())
                                        .setLeader(caller.parts().directory().leader()))
                                .setEndpoints(caller.parts().facts().endpoints())
                                .addAllQueues(caller.parts().facts().queues())
                                .setMemoryDrift(caller.parts().facts().drift())
                                .build(),
                        caller.blocking())
                .thenCombine(
                        served(),
                        (status, models) ->
                                status.toBuilder().setServing(models).build());
    }

    /** A status without the models in memory is better than none. */
    private CompletionStage<ServingAnswer> served() {
        return serving.serving(caller.shorter()).exceptionally(thrown -> {
            LOG.warn("the keeper of the models did not say how they stand: {}", Faults.rootMessage(thrown));
            return ServingAnswer.getDefaultInstance();
        });
    }

    CompletionStage<ProjectsAnswer> projects(ProjectsRequest request) {
        return report().thenApply(report ->
                ProjectsAnswer.newBuilder().addAllProjects(report.projects()).build());
    }

    private CompletionStage<StatusReport> report() {
        List<KnownProject> known = caller.parts().directory().projects();
        Map<ProjectId, String> ids = new LinkedHashMap<>();
        known.forEach(project -> ids.putIfAbsent(project.id(), project.name()));
        return caller.lakes()
                .replies(ids, caller.shorter(), LakeProtocol.Status::new)
                .thenCombine(
                        workspaces(),
                        (replies, watched) -> StatusReport.of(known, watched, replies)
                                .unwatchedOn(caller.parts().facts().node().getId()));
    }

    private CompletionStage<List<ProjectStatus>> workspaces() {
        return AskPattern.ask(
                caller.parts().workspaces(),
                WorkspaceProtocol.Workspaces::new,
                caller.shorter(),
                caller.parts().system().scheduler());
    }

    CompletionStage<DoctorAnswer> doctor(DoctorRequest request) {
        return caller.parts()
                .facts()
                .examine(request.getRepair())
                .thenCombine(rescans(request.getRepair()), Examination::join)
                .thenCombine(report(), Examination::answer);
    }

    private CompletionStage<List<Finding>> rescans(boolean repair) {
        CompletionStage<List<Finding>> all = CompletableFuture.completedFuture(List.of());
        if (!repair) {
            return all;
        }
        for (KnownProject project : caller.parts().directory().projects()) {
            if (!project.node().equals(caller.parts().facts().node().getId())) {
                continue;
            }
            CompletionStage<Finding> one = caller.askWorkspaces((ActorRef<Reply<Integer>> replyTo) ->
                            new WorkspaceProtocol.Rescan(project.id().value(), replyTo))
                    .handle((changed, thrown) -> Examination.rescanned(project, changed, thrown));
            all = all.thenCombine(one, (list, finding) -> Examination.join(list, List.of(finding)));
        }
        return all;
    }

    /** Changes and reads figures of the system, so it leaves the caller's thread. */
    CompletionStage<LakeAnswer> lake(LakeRequest request) {
        return CompletableFuture.supplyAsync(() -> memory(request), caller.blocking());
    }

    private LakeAnswer memory(LakeRequest request) {
        try {
            LakeAnswer.Builder answer = caller.parts().facts().memory(request).toBuilder();
            for (MemoryHolding.Builder holding : answer.getHoldingsBuilderList()) {
                caller.parts().directory().projects().stream()
                        .filter(project -> project.id().value().equals(holding.getProject()))
                        .findFirst()
                        .ifPresent(project -> holding.setName(project.name()));
            }
            return answer.build();
        } catch (IllegalArgumentException e) {
            throw new DoorFault(FaultCode.INVALID_ARGUMENT, e.getMessage());
        }
    }
}
