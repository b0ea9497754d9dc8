package ai.postdev.dragon.lake.vector;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.IntPredicate;

/**
 * Nearest neighbours among vectors of one model. Vectors are unit length and named by ordinals from 0 in the order they
 * were added; an ordinal is never used twice. One thread adds and removes; a {@link Reader} may be used on any thread
 * meanwhile.
 */
public interface VectorIndex {
    /** Accepts every vector; a search without a filter is faster than one with a filter that accepts all. */
    IntPredicate ALL = _ -> true;

    /** Numbers in each vector. */
    int dimensions();

    /** Adds a unit vector and returns its ordinal; a reader made from now on finds it. Writer only. */
    int add(float[] unit);

    /** Gives out an ordinal that never has a vector. Writer only. */
    int skip();

    /** Whether there is a vector with this ordinal now. Any thread. */
    boolean holds(int ordinal);

    /**
     * Removes a vector. Every reader, also one made earlier, stops finding it, and its memory serves the next vector
     * that is added. Writer only.
     *
     * @return whether it was there
     */
    boolean remove(int ordinal);

    /** How many ordinals were given out. Writer only. */
    int size();

    /** How many vectors there are. Writer only. */
    int live();

    /** The present state. Cheap. Writer only. */
    Reader reader();

    /** What checked searches found; nothing where every search is exact. Any thread. */
    default SampledRecall recall() {
        return SampledRecall.NONE;
    }

    /** Bytes of memory held. Writer only. */
    long memoryBytes();

    /** Bytes that the next {@link #add} takes besides what is held already, as far as that is much. Writer only. */
    default long growth() {
        return 0;
    }

    /** How many vectors are kept in each precision. Writer only. */
    default Map<Precision, Integer> kept() {
        return live() == 0 ? Map.of() : Map.of(Precision.FLOAT, live());
    }

    /** How exactly a vector is kept; the least exact if it is not there any more. Any thread. */
    default Precision precision(int ordinal) {
        return Precision.FLOAT;
    }

    /** From now on memory for further vectors is taken for this precision; the others stay as they are. Writer only. */
    default void keep(Precision precision) {}

    /** Bytes that {@link #lower} can give back. Writer only. */
    default long givableBytes() {
        return 0;
    }

    /** Bytes that {@link #raise} of all vectors would take. Writer only. */
    default long missingBytes() {
        return 0;
    }

    /**
     * Keeps some vectors, about a megabyte of them, less exactly. Readers see no difference but in scores. Writer only.
     *
     * @param to no vector is kept less exactly than so
     * @return whether there were such vectors and this was the time for it; while vectors are being partitioned it is not
     */
    default boolean lower(Precision to) {
        return false;
    }

    /**
     * Keeps vectors in full again. Writer only.
     *
     * @param exact the vectors by ordinal; those that lie together with one of them are kept as floats too, of the value
     *     that they have now
     */
    default void raise(Map<Integer, float[]> exact) {}

    /**
     * Some vectors that are not kept in full and that lie together. Any thread.
     *
     * @return their ordinals; none if there are none
     */
    default int[] lowered() {
        return new int[0];
    }

    /** A view: the vectors added before it was made, without those removed since the index began. */
    interface Reader {
        /** Ordinals of this view are below it. */
        int size();

        /** How many vectors there were when the view was made. */
        int live();

        /**
         * The best vectors by inner product, written into the caller's arrays.
         *
         * @param unitQuery of unit length, so that the product is the cosine
         * @param k at most so many; the arrays have room for them
         * @param accept asked on the caller's thread, for vectors that may make it into the result and others
         * @return how many were found, best first; equal scores in order of their ordinals
         * @throws IllegalArgumentException if the query has other dimensions
         */
        int nearest(float[] unitQuery, int k, IntPredicate accept, int[] ordinals, float[] scores);

        /** The best vectors by inner product. */
        default Found nearest(float[] unitQuery, int k, IntPredicate accept) {
            int most = Math.min(k, size());
            int[] ordinals = new int[most];
            float[] scores = new float[most];
            int count = nearest(unitQuery, most, accept, ordinals, scores);
            return count == most
                    ? new Found(ordinals, scores)
                    : new Found(Arrays.copyOf(ordinals, count), Arrays.copyOf(scores, count));
        }

        /**
         * The best of some vectors by inner product. Few are looked at one by one, which is exact; many are a filter.
         *
         * @param allowed their ordinals; not to be changed meanwhile
         */
        Found nearestOf(float[] unitQuery, int k, BitSet allowed);

        /** The best vectors for each of many queries, in the order of the queries. */
        default List<Found> nearest(List<float[]> unitQueries, int k, IntPredicate accept) {
            return unitQueries.stream().map(query -> nearest(query, k, accept)).toList();
        }

        /** Whether this view has the vector and it was not removed since. */
        boolean holds(int ordinal);

        /** Whether memory keeps a vector in full now, or no more at all. Any thread. */
        default boolean isExact(int ordinal) {
            return true;
        }

        /** A copy of a vector, or null if it was removed or came later. */
        float[] vectorOrNull(int ordinal);

        /**
         * A copy of a vector.
         *
         * @throws NoSuchElementException if it was removed
         */
        default float[] vector(int ordinal) {
            float[] vector = vectorOrNull(ordinal);
            if (vector == null) {
                throw new NoSuchElementException("vector " + ordinal + " is not in this view: removed, or added later");
            }
            return vector;
        }
    }

    /** What was found, best first: {@code scores[i]} belongs to {@code ordinals[i]}. */
    record Found(int[] ordinals, float[] scores) {}
}
