package ai.postdev.dragon.lake;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.LakeProtocol.Forgotten;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.journal.Forgot;
import ai.postdev.dragon.lake.journal.JournalWriter;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/** Removes a project: its operations after every write that was sent before, then its views. */
final class Forgetting {
    private Forgetting() {}

    static CompletionStage<Reply<Forgotten>> of(ProjectId project, LakeRoom room, ActorSystem<?> system) {
        CompletionStage<Reply<Forgot>> forgot = AskPattern.ask(
                room.journalWriter(),
                replyTo -> new JournalWriter.Forget(project, replyTo),
                room.journalTimeout(),
                system.scheduler());
        return forgot.thenApplyAsync(
                reply -> views(project, room, reply),
                system.dispatchers().lookup(DispatcherSelector.fromConfig("postdevai.lake.open-dispatcher")));
    }

    private static Reply<Forgotten> views(ProjectId project, LakeRoom room, Reply<Forgot> reply) {
        return switch (reply) {
            case Reply.Refused<Forgot> refused -> new Reply.Refused<>(refused.reason(), refused.message());
            case Reply.Answered<Forgot> answered -> {
                try {
                    Snapshots.delete(room.folder(project));
                    yield new Reply.Answered<>(new Forgotten(answered.answer().operations()));
                } catch (IOException e) {
                    yield new Reply.Refused<>(
                            Reply.Reason.FAILED,
                            "the operations are gone, but " + room.folder(project) + " is not: " + e.getMessage()
                                    + "; remove that folder by hand");
                }
            }
        };
    }
}
