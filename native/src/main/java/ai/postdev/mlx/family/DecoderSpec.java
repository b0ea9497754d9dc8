package ai.postdev.mlx.family;

import ai.postdev.mlx.file.ModelFileException;

/**
 * The shape of a decoder, for any family: what the native decoder is told.
 *
 * @param family for people: the architecture as the file names it
 * @param layers how many blocks
 * @param hidden numbers for every token between blocks
 * @param heads heads of queries
 * @param kvHeads heads of keys and values, a divisor of {@code heads}
 * @param headDim numbers for every head
 * @param ropeDims how many of them are rotated
 * @param mlp inner width of the feed-forward part
 * @param vocab tokens in the vocabulary
 * @param window how far back sliding layers look, 0 for no such layers
 * @param globalEvery every how many layers one looks back all the way, 0 when all slide
 * @param maxContext the most tokens that the model was made for
 * @param eps of the norms
 * @param ropeBase base of the rotations
 * @param ropeBaseLocal their base in sliding layers, 0 for the same
 * @param ropeScale what positions are multiplied with
 * @param ropeMagnitude what rotated numbers are multiplied with
 * @param embedScale what embeddings are multiplied with
 * @param attentionScale what scores are multiplied with
 * @param ropeTraditional whether neighbours are rotated together, and not the two halves of a head
 * @param qkNorm whether queries and keys are normalised by head
 * @param postNorms whether the answers of attention and feed-forward are normalised too
 * @param gelu whether the gate is a tanh GELU, and not SiLU
 */
public record DecoderSpec(
        String family,
        int layers,
        int hidden,
        int heads,
        int kvHeads,
        int headDim,
        int ropeDims,
        int mlp,
        int vocab,
        int window,
        int globalEvery,
        int maxContext,
        double eps,
        double ropeBase,
        double ropeBaseLocal,
        double ropeScale,
        double ropeMagnitude,
        double embedScale,
        double attentionScale,
        boolean ropeTraditional,
        boolean qkNorm,
        boolean postNorms,
        boolean gelu) {

    /**
     * Refuses shapes that no model has, before anything is allocated for them.
     *
     * @throws ModelFileException with the number that is out of bounds
     */
    public DecoderSpec checked() throws ModelFileException {
        within("layers", layers, 1, 1024);
        within("hidden size", hidden, 1, 1 << 17);
        within("heads", heads, 1, 4096);
        within("key/value heads", kvHeads, 1, heads);
        within("head dimension", headDim, 2, 4096);
        within("rotated dimensions", ropeDims, 2, headDim);
        within("feed-forward size", mlp, 1, 1 << 20);
        within("vocabulary", vocab, 1, 1 << 22);
        within("window", window, 0, 1 << 28);
        within("global pattern", globalEvery, 0, 1024);
        within("context", maxContext, 1, 1 << 28);
        if (heads % kvHeads != 0 || ropeDims % 2 != 0) {
            throw new ModelFileException(heads + " heads and " + kvHeads + " heads of keys with " + ropeDims
                    + " rotated dimensions do not go together");
        }
        for (double real : new double[] {eps, ropeBase, ropeScale, ropeMagnitude, embedScale, attentionScale}) {
            if (!(real > 0) || real > 1e30) {
                throw new ModelFileException("the configuration holds " + real + " where a positive number is needed");
            }
        }
        if (ropeMagnitude != 1 && ropeDims != headDim) {
            throw new ModelFileException("rotations with a magnitude of " + ropeMagnitude + " over " + ropeDims + " of "
                    + headDim + " numbers are not read here; only those of whole heads are");
        }
        return this;
    }

    private static void within(String what, long value, long least, long most) throws ModelFileException {
        if (value < least || value > most) {
            throw new ModelFileException(
                    "the configuration has " + value + " as " + what + "; " + least + " to " + most + " are read here");
        }
    }

    /** Keys and values of one token, in numbers. */
    public long cacheElementsPerToken() {
        return 2L * layers * kvHeads * headDim;
    }

    /** The lines that the native side reads. */
    public String lines() {
        return "layers=" + layers + "\nhidden=" + hidden + "\nheads=" + heads + "\nkv_heads=" + kvHeads + "\nhead_dim="
                + headDim + "\nrope_dims=" + ropeDims + "\nmlp=" + mlp + "\nvocab=" + vocab + "\nwindow=" + window
                + "\nglobal_every=" + globalEvery + "\nmax_context=" + maxContext + "\neps=" + eps + "\nrope_base="
                + ropeBase + "\nrope_base_local=" + ropeBaseLocal + "\nrope_scale=" + ropeScale + "\nrope_magnitude="
                + ropeMagnitude + "\nembed_scale=" + embedScale + "\nattention_scale=" + attentionScale
                + "\nrope_traditional=" + ropeTraditional + "\nqk_norm=" + qkNorm + "\npost_norms=" + postNorms
                + "\ngelu=" + gelu + "\n";
    }
}
