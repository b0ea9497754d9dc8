package ai.postdev.dragon.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@code diskrecorder.c} wrote down. */
final class DiskTrace {
    private static final int OPENED = 1;
    private static final int CLOSED = 2;
    private static final int WROTE = 3;
    private static final int RESIZED = 4;
    private static final int RENAMED = 5;
    private static final int REMOVED = 6;
    private static final int LINKED = 7;
    private static final int MADE_FOLDER = 8;
    private static final int SYNC_BEGAN = 9;
    private static final int SYNC_ENDED = 10;
    private static final int MARKED = 11;
    private static final int UNFOLLOWED = 12;
    private static final int DUPLICATED = 13;
    private static final int CREATES = 1;
    private static final int EMPTIES = 2;

    private DiskTrace() {}

    /** @throws IOException also when the process changed files in a way that the recorder does not follow */
    static List<DiskEvent> read(Path file) throws IOException {
        ByteBuffer trace = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<DiskEvent> events = new ArrayList<>();
        while (trace.hasRemaining()) {
            int kind = trace.getInt();
            int descriptor = trace.getInt();
            long number = trace.getLong();
            int firstLength = trace.getInt();
            int secondLength = trace.getInt();
            byte[] first = new byte[firstLength];
            byte[] second = new byte[secondLength];
            trace.get(first).get(second);
            events.add(
                    switch (kind) {
                        case OPENED ->
                            new DiskEvent.Opened(
                                    descriptor, path(first), (number & CREATES) != 0, (number & EMPTIES) != 0);
                        case CLOSED -> new DiskEvent.Closed(descriptor);
                        case WROTE -> new DiskEvent.Wrote(descriptor, number, first);
                        case RESIZED -> new DiskEvent.Resized(descriptor, number);
                        case RENAMED -> new DiskEvent.Renamed(path(first), path(second));
                        case REMOVED -> new DiskEvent.Removed(path(first));
                        case LINKED -> new DiskEvent.Linked(path(first), path(second));
                        case MADE_FOLDER -> new DiskEvent.MadeFolder(path(first));
                        case SYNC_BEGAN -> new DiskEvent.SyncBegan(descriptor, number);
                        case SYNC_ENDED -> new DiskEvent.SyncEnded(number);
                        case DUPLICATED -> new DiskEvent.Duplicated(descriptor, (int) number);
                        case MARKED -> new DiskEvent.Marked(new String(first, StandardCharsets.UTF_8));
                        case UNFOLLOWED ->
                            throw new IOException("the process changed files by '" + path(first)
                                    + "', which diskrecorder.c does not follow; teach it to");
                        default -> throw new IOException("record of unknown kind " + kind + " in " + file);
                    });
        }
        return events;
    }

    private static String path(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
