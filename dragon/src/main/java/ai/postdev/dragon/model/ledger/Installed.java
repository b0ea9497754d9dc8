package ai.postdev.dragon.model.ledger;

/**
 * A model that could be loaded instead.
 *
 * @param peakBytes that it takes at most
 */
public record Installed(String model, long peakBytes) {}
