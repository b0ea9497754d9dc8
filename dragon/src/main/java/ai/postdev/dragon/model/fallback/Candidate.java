package ai.postdev.dragon.model.fallback;

import java.util.Optional;

/**
 * A model on a node, as it stands now.
 *
 * @param local whether the node is this one
 * @param contextTokens that it takes at most
 * @param tools whether it can call tools
 * @param schema whether its answers can be made to follow a JSON schema
 * @param loaded whether a slot has it
 * @param unfit why it cannot answer now, for people: its circuit breaker is open, it does not fit into memory
 * @param waitMillis until it would begin, estimated by its queue
 * @param parameters of the model: a measure of how good it is
 */
public record Candidate(
        String model,
        String node,
        boolean local,
        long contextTokens,
        boolean tools,
        boolean schema,
        boolean loaded,
        Optional<String> unfit,
        long waitMillis,
        long parameters) {
    /** Why it cannot answer this request now; empty if it can. */
    Optional<String> cannot(Need need) {
        if (unfit.isPresent()) {
            return unfit;
        }
        if (contextTokens < need.contextTokens()) {
            return Optional.of("takes " + contextTokens + " tokens, and " + need.contextTokens() + " are needed");
        }
        if (need.tools() && !tools) {
            return Optional.of("cannot call tools");
        }
        return need.schema() && !schema ? Optional.of("cannot follow a JSON schema") : Optional.empty();
    }
}
