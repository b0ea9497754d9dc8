package ai.postdev.dragon.model.engine;

import java.util.OptionalInt;

/**
 * How the next token is chosen.
 *
 * @param temperature 0: always the likeliest; up to 2
 * @param topK only among so many of the likeliest; 0: all
 * @param topP only among the likeliest that together have this probability; over 0, up to 1
 * @param minP only among those with at least this part of the likeliest one's probability; 0 to 1
 * @param repeatPenalty what was said lately becomes less likely by this factor; 1: no less
 * @param seed of the random choice; empty: another one each time
 */
public record Sampling(float temperature, int topK, float topP, float minP, float repeatPenalty, OptionalInt seed) {
    /** Always the likeliest token. */
    public static final Sampling GREEDY = new Sampling(0, 0, 1, 0, 1, OptionalInt.empty());

    public Sampling {
        if (!(temperature >= 0 && temperature <= 2)
                || topK < 0
                || !(topP > 0 && topP <= 1)
                || !(minP >= 0 && minP <= 1)
                || !(repeatPenalty > 0 && repeatPenalty <= 2)) {
            throw new IllegalArgumentException("temperature is " + temperature + " (0 to 2), top_k " + topK
                    + " (0 or more), top_p " + topP + " (over 0, up to 1), min_p " + minP
                    + " (0 to 1), repeat penalty " + repeatPenalty + " (over 0, up to 2)");
        }
    }
}
