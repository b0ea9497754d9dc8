package ai.postdev.dragon.lake.text;

import org.apache.lucene.index.FieldInvertState;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.util.SmallFloat;

/**
 * BM25 that measures the length of a text in words. Lucene's own counts terms and takes off those at the same position,
 * which is the same as long as each term is told one place at a time; {@link TermCounts} tells all places at once.
 */
final class WordsSimilarity extends BM25Similarity {
    WordsSimilarity(float k1, float b) {
        super(k1, b);
    }

    @Override
    public long computeNorm(FieldInvertState state) {
        return SmallFloat.intToByte4(state.getPosition() + 1);
    }
}
