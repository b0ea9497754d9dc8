package ai.postdev.developer.ingest;

import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * What the file system said of a file without opening it.
 *
 * @param bytes its size
 * @param modifiedNanos time of last change, nanoseconds since the epoch
 */
public record Stat(long bytes, long modifiedNanos) {
    /** Of {@code attributes}. */
    public static Stat of(BasicFileAttributes attributes) {
        return new Stat(attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
    }

    /** Time of last change, milliseconds since the epoch. */
    public long modifiedMillis() {
        return Math.floorDiv(modifiedNanos, 1_000_000L);
    }
}
