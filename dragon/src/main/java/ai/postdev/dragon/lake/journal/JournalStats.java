package ai.postdev.dragon.lake.journal;

/**
 * Sizes and counts.
 *
 * @param operations held, all projects together
 * @param operationBytes in sorted files; the newest are only in the log
 * @param blobs distinct texts held
 * @param blobBytes of these texts, uncompressed
 * @param blobDiskBytes of these texts as they are stored, compressed
 * @param derivedBytes in sorted files; the newest are only in the log
 * @param diskBytes of all files of the journal together
 * @param commits since the journal was opened
 * @param syncs of the log to the disk since then
 * @param failedWrites since then
 * @param refusing why writes are refused at present; empty when they are not
 */
public record JournalStats(
        long operations,
        long operationBytes,
        long blobs,
        long blobBytes,
        long blobDiskBytes,
        long derivedBytes,
        long diskBytes,
        long commits,
        long syncs,
        long failedWrites,
        String refusing) {}
