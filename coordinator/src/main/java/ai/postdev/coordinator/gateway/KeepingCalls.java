package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.WorkspaceProtocol;
import ai.postdev.v1.ForgetAnswer;
import ai.postdev.v1.ForgetRequest;
import ai.postdev.v1.PinAnswer;
import ai.postdev.v1.PinRequest;
import ai.postdev.v1.RememberAnswer;
import ai.postdev.v1.RememberRequest;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;

/** What is remembered and what no longer is: remember and forget. */
final class KeepingCalls {
    private final Caller caller;

    KeepingCalls(Caller caller) {
        this.caller = caller;
    }

    CompletionStage<RememberAnswer> remember(RememberRequest request) {
        caller.limits().text("a note", request.getText());
        ProjectNames names = caller.names();
        Note note = Note.of(
                request,
                caller.selector(),
                caller.parts().redact(),
                caller.parts().clock());
        return caller.lakes()
                .<LakeProtocol.Appended>one(
                        note.project(),
                        caller.deadline(),
                        replyTo -> new LakeProtocol.Append(note.bodies(), List.of(), replyTo))
                .thenApply(note::answer)
                .thenApply(names::on);
    }

    CompletionStage<PinAnswer> pin(PinRequest request) {
        ProjectNames names = caller.names();
        ProjectId project = Note.projectOf(request.getProject(), request.getCwd(), caller.selector());
        return new PinCall(caller.lakes(), project, caller.deadline())
                .run(request)
                .thenApply(names::on);
    }

    CompletionStage<ForgetAnswer> forget(ForgetRequest request) {
        if (request.getProject().isBlank()) {
            throw new DoorFault(FaultCode.INVALID_ARGUMENT, "forget needs a project: id, name or path of the root");
        }
        ProjectId project = caller.selector().one(request.getProject());
        ProjectNames names = caller.names();
        // Watching ends first, so that nothing is written to a lake that is being removed.
        return caller.askWorkspaces(
                        (ActorRef<Reply<Integer>> replyTo) -> new WorkspaceProtocol.Unwatch(project.value(), replyTo))
                .thenCompose(_ -> caller.lakes()
                        .<LakeProtocol.Forgotten>one(project, caller.deadline(), LakeProtocol.Forget::new))
                .thenApply(forgotten -> ForgetAnswer.newBuilder()
                        .setProject(project.value())
                        .setProjectName(names.of(project.value()))
                        .setOperations(forgotten.operations())
                        .build());
    }
}
