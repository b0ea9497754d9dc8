package ai.postdev.dragon.lake.backup;

import java.time.Instant;

/** Up to where a project is to be restored. */
public sealed interface Wanted {
    /** Whether {@code text} has the form of a moment's id. */
    static boolean isMoment(String text) {
        return BackupFolder.isId(text);
    }

    /** As the newest moment has it. */
    record Newest() implements Wanted {}

    /** As this moment has it. */
    record Moment(String id) implements Wanted {}

    /** Up to this operation: those with a higher sequence are left out. */
    record UpToSequence(long sequence) implements Wanted {}

    /** As it was then: what was written later is left out. */
    record UpToTime(Instant time) implements Wanted {}
}
