package ai.postdev.coordinator.gateway;

import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.WorkspaceProtocol;
import ai.postdev.coordinator.gateway.ProjectSelector.NamedFile;
import ai.postdev.v1.DiffAnswer;
import ai.postdev.v1.DiffRequest;
import ai.postdev.v1.ShowAnswer;
import ai.postdev.v1.ShowRequest;
import ai.postdev.v1.VersionsAnswer;
import ai.postdev.v1.VersionsRequest;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;

/** One file and its past: show, diff and versions. */
final class FileCalls {
    private final Caller caller;

    FileCalls(Caller caller) {
        this.caller = caller;
    }

    CompletionStage<ShowAnswer> show(ShowRequest request) {
        ProjectNames names = caller.names();
        return showCall()
                .run(
                        request.toBuilder()
                                .setAt(caller.moments().at(request.getAt()))
                                .build(),
                        request.getAt())
                .thenApply(names::on);
    }

    private ShowCall showCall() {
        return new ShowCall(
                caller.lakes(),
                caller.selector(),
                caller.shorter(),
                file -> caller.askWorkspaces((ActorRef<Reply<WorkspaceProtocol.RevisionFile>> replyTo) ->
                        new WorkspaceProtocol.FileAtRevision(
                                file.project().value(), file.path(), file.revision(), replyTo)));
    }

    CompletionStage<DiffAnswer> diff(DiffRequest request) {
        ProjectNames names = caller.names();
        return new DiffCall(showCall(), caller.moments(), caller.blocking())
                .run(request, caller.selector().file(request.getPath(), request.getProject()))
                .thenApply(names::on);
    }

    CompletionStage<VersionsAnswer> versions(VersionsRequest request) {
        int limit = caller.limits()
                .limit(request.getLimit(), caller.parts().settings().listLimit());
        NamedFile file = caller.selector().file(request.getPath(), request.getProject());
        VersionsRequest each =
                request.toBuilder().setLimit(limit).setPath(file.path()).build();
        ProjectNames names = caller.names();
        return caller.lakes()
                .<VersionsAnswer>all(
                        file.projects(), caller.shorter(), replyTo -> new LakeProtocol.Versions(each, replyTo))
                .thenApply(got -> names.on(
                        Merge.versions(file.path(), List.copyOf(got.answers().values()), got.unheard(), limit)));
    }
}
