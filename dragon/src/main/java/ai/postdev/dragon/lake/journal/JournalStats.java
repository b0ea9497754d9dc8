package ai.postdev.dragon.lake.journal;

/**
 * Sizes and counts. Bytes on disk are estimates of the database.
 *
 * @param operations held, all projects together
 * @param operationBytes on disk
 * @param blobs distinct texts held
 * @param blobBytes of these texts, uncompressed
 * @param blobDiskBytes on disk
 * @param derivedBytes on disk
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
        long commits,
        long syncs,
        long failedWrites,
        String refusing) {}
