package ai.postdev.dragon.lake;

import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.LakeProtocol.Command;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.Reply.Reason;

/** Says no to any request, so that nobody waits for an answer that will not come. */
final class Refusals {
    private Refusals() {}

    /** Tells the asker of {@code command} why it is refused. */
    static void refuse(Command command, Reason reason, String message) {
        switch (command) {
            case LakeProtocol.Append ask -> ask.replyTo().tell(new Reply.Refused<>(reason, message));
            case LakeProtocol.Manifest ask -> ask.replyTo().tell(new Reply.Refused<>(reason, message));
            case LakeProtocol.Setting ask -> ask.replyTo().tell(new Reply.Refused<>(reason, message));
            case LakeProtocol.MissingCommits ask -> ask.replyTo().tell(new Reply.Refused<>(reason, message));
            case LakeProtocol.Search ask -> ask.replyTo().tell(new Reply.Refused<>(reason, message));
            case LakeProtocol.SearchTree ask -> ask.replyTo().tell(new Reply.Refused<>(reason, message));
            case LakeProtocol.PutTree ask -> ask.replyTo().tell(new Reply.Refused<>(reason, message));
            case LakeProtocol.Recall ask -> ask.replyTo().tell(new Reply.Refused<>(reason, message));
            case LakeProtocol.Related ask -> ask.replyTo().tell(new Reply.Refused<>(reason, message));
            case LakeProtocol.Show ask -> ask.replyTo().tell(new Reply.Refused<>(reason, message));
            case LakeProtocol.Context ask -> ask.replyTo().tell(new Reply.Refused<>(reason, message));
            case LakeProtocol.Versions ask -> ask.replyTo().tell(new Reply.Refused<>(reason, message));
            case LakeProtocol.Timeline ask -> ask.replyTo().tell(new Reply.Refused<>(reason, message));
            case LakeProtocol.FindEvent ask -> ask.replyTo().tell(new Reply.Refused<>(reason, message));
            case LakeProtocol.Status ask -> ask.replyTo().tell(new Reply.Refused<>(reason, message));
            case LakeProtocol.Unembedded ask -> ask.replyTo().tell(new Reply.Refused<>(reason, message));
            case LakeProtocol.Forget ask -> ask.replyTo().tell(new Reply.Refused<>(reason, message));
            case LakeProtocol.Open _, LakeProtocol.Passivate _ -> {}
        }
    }
}
