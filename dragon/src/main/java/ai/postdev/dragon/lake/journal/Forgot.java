package ai.postdev.dragon.lake.journal;

/**
 * What forgetting a project removed.
 *
 * @param operations removed
 * @param blobs texts removed, because no other project refers to them
 * @param blobBytes of these, uncompressed
 */
public record Forgot(long operations, long blobs, long blobBytes) {}
