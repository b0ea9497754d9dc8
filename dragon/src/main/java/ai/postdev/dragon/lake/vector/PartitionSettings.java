package ai.postdev.dragon.lake.vector;

/**
 * When an index is partitioned and how exact it is then.
 *
 * @param exactBelow up to so many vectors every one is looked at
 * @param recall share of the true ten nearest that a search is to find, from 0.5 to 0.999, measured when the lists are built
 * @param sampleEvery one of so many searches without a filter is checked against an exact one; 0: none
 * @param sampleMillis time that the checks of one index may take of each second, from 1 to 1,000
 */
public record PartitionSettings(int exactBelow, double recall, int sampleEvery, int sampleMillis) {
    /** What reference.conf says too. */
    static final PartitionSettings USUAL = new PartitionSettings(4_096, 0.99, 8, 10);

    /** With no searches checked. */
    public PartitionSettings(int exactBelow, double recall) {
        this(exactBelow, recall, 0, 1_000);
    }

    public PartitionSettings {
        if (exactBelow < 256) {
            throw new IllegalArgumentException(
                    "postdevai.lake.vector.exact-below must be at least 256, found " + exactBelow);
        }
        if (!(recall >= 0.5 && recall <= 0.999)) {
            throw new IllegalArgumentException(
                    "postdevai.lake.vector.recall must be from 0.5 to 0.999, found " + recall);
        }
        if (sampleEvery < 0 || sampleMillis < 1 || sampleMillis > 1_000) {
            throw new IllegalArgumentException("postdevai.lake.vector.sample-every must be at least 0 and sample-millis"
                    + " from 1 to 1000, found " + sampleEvery + " and " + sampleMillis);
        }
    }
}
