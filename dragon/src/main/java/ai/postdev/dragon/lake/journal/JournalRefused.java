package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.protocol.Reply;
import java.io.IOException;

/** The journal cannot do what was asked. The message says what was found and what to do. */
public final class JournalRefused extends IOException {
    private static final long serialVersionUID = 1L;

    private final Reply.Reason reason;

    JournalRefused(Reply.Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    JournalRefused(Reply.Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why, for the door that answers. */
    public Reply.Reason reason() {
        return reason;
    }
}
