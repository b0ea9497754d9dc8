package ai.postdev.dragon.model.ledger;

/**
 * Bytes that a loaded model takes.
 *
 * @param weights of the model itself
 * @param kv keys and values of the sequences that it works on
 * @param promptCache keys and values kept for prompts that may come again
 * @param scratch buffers of the engine
 */
public record Footprint(long weights, long kv, long promptCache, long scratch) {
    public Footprint {
        if (weights < 0 || kv < 0 || promptCache < 0 || scratch < 0) {
            throw new IllegalArgumentException("a model takes 0 bytes or more of each kind, found weights " + weights
                    + ", kv " + kv + ", prompt cache " + promptCache + ", scratch " + scratch);
        }
    }

    /** The same before anything is kept in the prompt cache: room for what may come, of which nothing can be given back. */
    public Footprint unfilled() {
        return new Footprint(weights, kv, 0, scratch + promptCache);
    }

    /** All of it. */
    public long total() {
        return weights + kv + promptCache + scratch;
    }
}
