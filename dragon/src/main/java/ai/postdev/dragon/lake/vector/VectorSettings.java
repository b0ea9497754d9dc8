package ai.postdev.dragon.lake.vector;

import com.typesafe.config.Config;

/**
 * Bounds of the vector store.
 *
 * @param vectorsMax embeddings of one project that are held in memory, all models together
 * @param modelsMax models of one project
 * @param knownMax embeddings of one project of which it is known that the journal has them, in memory or not; at least
 *     twice {@code vectorsMax}
 * @param partition when a model's vectors are partitioned and how exact search is then
 */
public record VectorSettings(int vectorsMax, int modelsMax, int knownMax, PartitionSettings partition) {
    public VectorSettings {
        if (vectorsMax < 1 || modelsMax < 1) {
            throw new IllegalArgumentException(
                    "postdevai.lake.vector.vectors-max and models-max must be at least 1, found " + vectorsMax + " and "
                            + modelsMax);
        }
        if (knownMax < 2L * vectorsMax) {
            throw new IllegalArgumentException(
                    "postdevai.lake.vector.known-max must be at least twice vectors-max, found " + knownMax + " and "
                            + vectorsMax);
        }
    }

    /** With the usual partition, and four times as many embeddings known as held. */
    public VectorSettings(int vectorsMax, int modelsMax) {
        this(vectorsMax, modelsMax, 4 * vectorsMax, PartitionSettings.USUAL);
    }

    /** Reads {@code postdevai.lake.vector}. */
    public static VectorSettings from(Config config) {
        Config vector = config.getConfig("postdevai.lake.vector");
        return new VectorSettings(
                vector.getInt("vectors-max"),
                vector.getInt("models-max"),
                vector.getInt("known-max"),
                new PartitionSettings(
                        vector.getInt("exact-below"),
                        vector.getDouble("recall"),
                        vector.getInt("sample-every"),
                        vector.getInt("sample-millis")));
    }
}
