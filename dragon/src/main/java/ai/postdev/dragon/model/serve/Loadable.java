package ai.postdev.dragon.model.serve;

import ai.postdev.dragon.model.engine.LoadRequest;
import ai.postdev.dragon.model.ledger.Footprint;
import ai.postdev.dragon.model.ledger.Installed;
import java.util.List;
import java.util.Optional;

/**
 * A model that lies here, and how it would be loaded.
 *
 * @param engine that runs it
 * @param request to its worker; empty: it embeds, in this process
 * @param peak what it takes at most, by the estimate of its manifest
 * @param identity of its files: another one when it was pulled again
 * @param others installed models with what they would take, for who does not fit
 */
record Loadable(String engine, Optional<LoadRequest> request, Footprint peak, String identity, List<Installed> others) {
    Loadable {
        others = List.copyOf(others);
    }

    /** Whether it embeds, and so has no worker. */
    boolean embeds() {
        return request.isEmpty();
    }
}
