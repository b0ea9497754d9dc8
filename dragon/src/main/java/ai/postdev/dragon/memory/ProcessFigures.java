package ai.postdev.dragon.memory;

/**
 * What a process takes of memory at one moment, in bytes; 0 where the system does not say.
 *
 * @param resident in RAM, everything
 * @param anonymous of it heap and native memory
 * @param file of it mapped files, which the system may drop
 * @param shared of it on RAM file systems
 * @param heapUsed of the Java heap
 * @param heapCommitted that the Java machine has taken for its heap
 * @param heapMax that it may take for it
 * @param nonHeap that it has taken for classes and compiled code
 * @param direct buffers outside the heap
 * @param journal caches and buffers of the journal's database
 */
public record ProcessFigures(
        long resident,
        long anonymous,
        long file,
        long shared,
        long heapUsed,
        long heapCommitted,
        long heapMax,
        long nonHeap,
        long direct,
        long journal) {

    /** What the Java machine has taken for itself. */
    public long java() {
        return heapCommitted + nonHeap;
    }

    /**
     * What is in RAM and nobody accounts for; below 0 where accounts name more than is in RAM, such as a heap that was taken
     * and not written yet.
     *
     * @param offHeap what the ledger knows to lie outside the heap; the rest of it is part of {@link #heapCommitted}
     */
    long unexplained(long offHeap) {
        return resident - (java() + direct + journal + file + offHeap);
    }
}
