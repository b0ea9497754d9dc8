package ai.postdev.dragon.lake.vector;

/** The vectors nearest to one centre. The blocks are replaced as a whole; places within them fill and empty. */
final class InvertedList {
    final float[] centre;
    final float halfNorm;
    /** How far vectors lie from the centre, on average: those of unit length around their mean. */
    final float spread;
    /** Blocks in use; a reader takes the array once. */
    volatile int[] blocks = {};
    /** Vectors held. Writer only. */
    int live;
    /** Not to be split below so many. Writer only. */
    int splitAbove;

    InvertedList(float[] centre) {
        this.centre = centre;
        double squares = 0;
        for (float x : centre) {
            squares += (double) x * x;
        }
        this.halfNorm = (float) (squares / 2);
        this.spread = (float) Math.sqrt(Math.max(0, 1 - squares));
    }
}
