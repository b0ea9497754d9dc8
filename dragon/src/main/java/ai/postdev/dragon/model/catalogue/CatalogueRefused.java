package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.protocol.Reply;
import java.io.IOException;

/** The catalogue cannot do what was asked. The message says what was found, what was expected and what to do. */
public class CatalogueRefused extends IOException {
    private static final long serialVersionUID = 1L;

    private final Reply.Reason reason;

    CatalogueRefused(Reply.Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    CatalogueRefused(Reply.Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why, for the door that answers. */
    public Reply.Reason reason() {
        return reason;
    }
}
