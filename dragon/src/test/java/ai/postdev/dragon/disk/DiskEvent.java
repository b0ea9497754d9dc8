package ai.postdev.dragon.disk;

/** One thing that a process did to the files of a folder, in the order in which it took effect. Paths are absolute. */
public sealed interface DiskEvent {
    /** A file or folder got a descriptor; {@code creates} it if it was not there, {@code empties} it if it was. */
    record Opened(int descriptor, String path, boolean creates, boolean empties) implements DiskEvent {}

    /** A file or folder got a further descriptor. */
    record Duplicated(int descriptor, int from) implements DiskEvent {}

    /** A descriptor was given back. */
    record Closed(int descriptor) implements DiskEvent {}

    /** Bytes came into a file. */
    record Wrote(int descriptor, long offset, byte[] bytes) implements DiskEvent {}

    /** A file got a size: shorter, or longer with zeros. */
    record Resized(int descriptor, long size) implements DiskEvent {}

    /** A name moved, in place of what bore the new one. */
    record Renamed(String from, String to) implements DiskEvent {}

    /** A file or an empty folder lost a name. */
    record Removed(String path) implements DiskEvent {}

    /** A file got a further name. */
    record Linked(String from, String to) implements DiskEvent {}

    /** A folder was made. */
    record MadeFolder(String path) implements DiskEvent {}

    /** A sync of a file or folder began; it promises what came before this. */
    record SyncBegan(int descriptor, long sync) implements DiskEvent {}

    /** A sync succeeded: from here on its promise holds. */
    record SyncEnded(long sync) implements DiskEvent {}

    /** A note of the process, such as what it acknowledged. */
    record Marked(String text) implements DiskEvent {}
}
