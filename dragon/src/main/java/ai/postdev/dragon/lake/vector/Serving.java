package ai.postdev.dragon.lake.vector;

/**
 * What searches use: the lists and how hard to look.
 *
 * @param measuredRecall share of the true neighbours that a sample found with this effort when the partition was built
 */
record Serving(Partition partition, Effort effort, double measuredRecall) {}
