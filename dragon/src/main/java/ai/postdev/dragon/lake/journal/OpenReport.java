package ai.postdev.dragon.lake.journal;

import java.util.List;

/**
 * What opening the journal found.
 *
 * @param tornBytes of a write that a crash interrupted, dropped from the end of the log; nothing acknowledged with
 *     {@link Durability#FSYNC} was in it
 * @param cut records at an origin's end that could not be read and were moved to quarantine
 * @param originRenewed whether own operations were cut, so that this home now writes under a new origin: a sequence
 *     that another node may have seen is never used again
 * @param millis the opening took
 */
public record OpenReport(long tornBytes, List<String> cut, boolean originRenewed, long millis) {
    public OpenReport {
        cut = List.copyOf(cut);
    }
}
