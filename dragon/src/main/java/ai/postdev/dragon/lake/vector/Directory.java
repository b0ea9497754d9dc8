package ai.postdev.dragon.lake.vector;

/**
 * The lists and the codes of their centres at one moment; replaced as a whole when a list is split or dropped.
 *
 * @param lists null where a list was dropped
 * @param coarse blocks whose place {@code i} has the code of list {@code i}'s centre
 */
record Directory(InvertedList[] lists, int[] coarse) {}
