package ai.postdev.dragon.lake.vector;

/**
 * What sampled searches found of what an exact search finds, the newest counting most.
 *
 * @param found true neighbours that were found
 * @param wanted true neighbours; 0 if nothing was checked, as where every search is exact
 */
public record SampledRecall(long found, long wanted) {
    /** Nothing was checked. */
    public static final SampledRecall NONE = new SampledRecall(0, 0);

    /** Both together. */
    public SampledRecall plus(SampledRecall other) {
        return new SampledRecall(found + other.found, wanted + other.wanted);
    }
}
