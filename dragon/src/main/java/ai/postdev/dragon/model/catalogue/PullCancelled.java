package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.protocol.Reply;

/** A pull ended because it was cancelled. What it had fetched is kept where a later pull can go on from it. */
public final class PullCancelled extends CatalogueRefused {
    private static final long serialVersionUID = 1L;

    PullCancelled(String what) {
        super(Reply.Reason.FAILED, "the pull of " + what + " was cancelled");
    }
}
