package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.protocol.Reply;
import java.io.IOException;

/** The journal cannot do what was asked. The message says what was found and what to do. */
public final class JournalRefused extends IOException {
    private static final long serialVersionUID = 1L;

    private final Reply.Reason reason;
    private final boolean damage;

    JournalRefused(Reply.Reason reason, String message) {
        super(message);
        this.reason = reason;
        this.damage = false;
    }

    JournalRefused(Reply.Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.damage = false;
    }

    private JournalRefused(String message, Throwable cause) {
        super(message, cause);
        this.reason = Reply.Reason.PRECONDITION;
        this.damage = true;
    }

    /** What is stored is damaged: {@link Journal#salvage} or {@link Journal#repair} keep what can be read. */
    static JournalRefused damaged(String message, Throwable cause) {
        return new JournalRefused(message, cause);
    }

    /** Whether what is stored is damaged, which a repair can mend. */
    public boolean isDamage() {
        return damage;
    }

    /** Why, for the door that answers. */
    public Reply.Reason reason() {
        return reason;
    }
}
