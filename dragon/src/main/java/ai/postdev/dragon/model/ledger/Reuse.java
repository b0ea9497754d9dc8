package ai.postdev.dragon.model.ledger;

/**
 * How likely a model is used again soon. Each use counts half as much after each half-life, as in LRFU (Lee and others, 2001),
 * which is recency and frequency in one figure; their sum over a half-life is a rate, and uses are taken to come independently
 * of each other at that rate (Poisson). Not thread-safe.
 */
final class Reuse {
    private final double halfLifeMillis;
    private final double horizonMillis;
    private double uses;
    private long at;

    Reuse(double halfLifeMillis, double horizonMillis) {
        this.halfLifeMillis = halfLifeMillis;
        this.horizonMillis = horizonMillis;
    }

    void use(long now) {
        uses = uses(now) + 1;
        at = now;
    }

    private double uses(long now) {
        return uses * Math.pow(0.5, (now - at) / halfLifeMillis);
    }

    /** Of a use within the horizon, from 0 to 1. */
    double probability(long now) {
        double rate = uses(now) * Math.log(2) / halfLifeMillis;
        return -Math.expm1(-rate * horizonMillis);
    }
}
