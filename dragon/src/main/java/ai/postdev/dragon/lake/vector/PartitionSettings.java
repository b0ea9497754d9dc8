package ai.postdev.dragon.lake.vector;

/**
 * When an index is partitioned and how exact it is then.
 *
 * @param exactBelow up to so many vectors every one is looked at
 * @param recall share of the true ten nearest that a search is to find, from 0.5 to 0.999, measured when the lists are built
 */
public record PartitionSettings(int exactBelow, double recall) {
    /** What reference.conf says too. */
    static final PartitionSettings USUAL = new PartitionSettings(4_096, 0.99);

    public PartitionSettings {
        if (exactBelow < 256) {
            throw new IllegalArgumentException(
                    "postdevai.lake.vector.exact-below must be at least 256, found " + exactBelow);
        }
        if (!(recall >= 0.5 && recall <= 0.999)) {
            throw new IllegalArgumentException(
                    "postdevai.lake.vector.recall must be from 0.5 to 0.999, found " + recall);
        }
    }
}
