package ai.postdev.dragon.model.catalogue;

import java.io.IOException;

/** Gets a model from one kind of source into the room of a pull. Blocks; one thread, which a cancel wakes up. */
interface Fetch {
    /**
     * Gets it.
     *
     * @throws PullCancelled if it was cancelled
     * @throws CatalogueRefused with what the source said, and what to do
     */
    Fetched run(PullRoom room, PullProgress progress, Cancellation cancellation) throws IOException;
}
