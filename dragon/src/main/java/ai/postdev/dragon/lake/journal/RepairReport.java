package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.ContentHash;
import java.util.List;

/**
 * What an inspection found, or a repair did, in one project.
 *
 * @param operations that can be read
 * @param lost operations that could not be read, each with its place and reason; after a repair they are in quarantine
 *     and replay passes them over
 * @param lostBlobs texts of readable operations that are missing or could not be read; after a repair they can be stored
 *     again, and the documents that had them count as lost, so that the files are read again
 * @param physical whether the database's own files are damaged too: {@link Journal#salvage} mends that while no node
 *     runs
 */
public record RepairReport(long operations, List<String> lost, List<ContentHash> lostBlobs, boolean physical) {
    public RepairReport {
        lost = List.copyOf(lost);
        lostBlobs = List.copyOf(lostBlobs);
    }

    /** Whether nothing is wrong. */
    public boolean healthy() {
        return lost.isEmpty() && lostBlobs.isEmpty() && !physical;
    }
}
