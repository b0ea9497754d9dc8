package ai.postdev.dragon.lake.retrieval;

/**
 * How much each signal and rule of ranking counts. One configuration for every project; the measurements behind these
 * numbers are in docs/internals/adr/0004-ranking.md.
 *
 * <p>Signals are fused by reciprocal rank: a document that a signal ranks at {@code r} gets {@code weight / (rankOffset +
 * r)}. Rules then add shares of the best fused score, and factors scale the sum.
 *
 * @param rankOffset of reciprocal-rank fusion (Cormack, Clarke, Büttcher, 2009)
 * @param bestPassage rank of a document by its best passage
 * @param wholeText rank of a document by all its matching passages, each next one counting half
 * @param meaning rank of a document by its chunk nearest in meaning
 * @param meaningForNames factor on {@code meaning} when the query is an identifier: names have no meaning to a model
 * @param path rank of a document by the words of its path
 * @param recency rank of a document by the hour of its last change
 * @param definedName how much more a term counts in a passage that defines a name with it
 * @param definition share for defining the identifier that the query is
 * @param namedDefinition share for defining an identifier that the query mentions
 * @param reexport part of the above for handing on a name that is not defined in the project
 * @param pathWords share for a path whose names hold all words of the query
 * @param coherence share for the document with the most matching text
 * @param deprecated factor for a document whose own definition is deprecated
 */
record Weights(
        double rankOffset,
        double bestPassage,
        double wholeText,
        double meaning,
        double meaningForNames,
        double path,
        double recency,
        double definedName,
        double definition,
        double namedDefinition,
        double reexport,
        double pathWords,
        double coherence,
        double deprecated) {
    static final Weights STANDARD = new Weights(60, 1, 1, 1, 0.5, 0.1, 0.1, 0.5, 3, 1.5, 0.5, 0.8, 0.3, 0.5);

    double ofRank(int rank) {
        return 1 / (rankOffset + rank);
    }
}
