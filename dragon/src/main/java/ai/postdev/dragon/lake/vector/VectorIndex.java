package ai.postdev.dragon.lake.vector;

import java.util.function.IntPredicate;

/**
 * Nearest neighbours among vectors of one model. Vectors are unit length and named by ordinals from 0 in the order they
 * were added. One thread adds; a {@link Reader} may be used on any thread while it goes on. The exact scan implements
 * this now; a quantised, partitioned index implements it later.
 */
public interface VectorIndex {
    /** Numbers in each vector. */
    int dimensions();

    /** Adds a unit vector and returns its ordinal. Writer only. */
    int add(float[] unit);

    /** How many vectors there are. Writer only. */
    int size();

    /** The present state. Cheap. Writer only. */
    Reader reader();

    /** Bytes of memory held. */
    long memoryBytes();

    /** An immutable view: the vectors added before it was made. */
    interface Reader {
        /** How many vectors this view has. */
        int size();

        /**
         * The best vectors by inner product.
         *
         * @param unitQuery of unit length, so that the product is the cosine
         * @param accept asked only for vectors that would make it into the result
         * @return best first, at most {@code k}; equal scores in order of their ordinals
         */
        Found nearest(float[] unitQuery, int k, IntPredicate accept);

        /** A copy of a vector. */
        float[] vector(int ordinal);
    }

    /** What was found, best first: {@code scores[i]} belongs to {@code ordinals[i]}. */
    record Found(int[] ordinals, float[] scores) {}
}
