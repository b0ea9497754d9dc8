package ai.postdev.dragon.lake.backup;

import ai.postdev.actors.protocol.Reply;
import java.io.IOException;

/** A backup cannot be made or used. The message says what was found, what was expected and what to do. */
public final class BackupRefused extends IOException {
    private static final long serialVersionUID = 1L;

    private final Reply.Reason reason;

    BackupRefused(Reply.Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    BackupRefused(String message) {
        this(Reply.Reason.PRECONDITION, message);
    }

    BackupRefused(String message, Throwable cause) {
        super(message, cause);
        this.reason = Reply.Reason.PRECONDITION;
    }

    /** The request can never be right. */
    public static BackupRefused invalid(String message) {
        return new BackupRefused(Reply.Reason.INVALID, message);
    }

    /** Why, for the door that answers. */
    public Reply.Reason reason() {
        return reason;
    }
}
