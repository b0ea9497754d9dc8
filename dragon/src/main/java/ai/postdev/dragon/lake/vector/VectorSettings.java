package ai.postdev.dragon.lake.vector;

import com.typesafe.config.Config;

/**
 * Bounds of the vector store.
 *
 * @param vectorsMax embeddings of one project that are held in memory, all models together
 * @param modelsMax models of one project
 * @param partition when a model's vectors are partitioned and how exact search is then
 */
public record VectorSettings(int vectorsMax, int modelsMax, PartitionSettings partition) {
    public VectorSettings {
        if (vectorsMax < 1 || modelsMax < 1) {
            throw new IllegalArgumentException(
                    "postdevai.lake.vector.vectors-max and models-max must be at least 1, found " + vectorsMax + " and "
                            + modelsMax);
        }
    }

    /** With the usual partition. */
    public VectorSettings(int vectorsMax, int modelsMax) {
        this(vectorsMax, modelsMax, PartitionSettings.USUAL);
    }

    /** Reads {@code postdevai.lake.vector}. */
    public static VectorSettings from(Config config) {
        Config vector = config.getConfig("postdevai.lake.vector");
        return new VectorSettings(
                vector.getInt("vectors-max"),
                vector.getInt("models-max"),
                new PartitionSettings(vector.getInt("exact-below"), vector.getDouble("recall")));
    }
}
