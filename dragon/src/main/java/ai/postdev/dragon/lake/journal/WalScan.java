package ai.postdev.dragon.lake.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Reads the write-ahead log before RocksDB does, to tell a torn end (a crash in mid-write: nothing acknowledged is in
 * it) from damage in the middle (acknowledged records follow). RocksDB's own recovery modes either take both for the
 * first or both for the second.
 *
 * <p>Format: blocks of 32 KiB; in each, fragments of a 7-byte header (masked CRC32C, length, type) and data; a record is
 * one {@code FULL} fragment or {@code FIRST MIDDLE* LAST}. Source: RocksDB's "Write Ahead Log File Format".
 */
final class WalScan {
    private static final int BLOCK = 32 * 1024;
    private static final int HEADER = 7;
    private static final int FULL = 1;
    private static final int FIRST = 2;
    private static final int MIDDLE = 3;
    private static final int MASK_DELTA = 0xa282ead8;

    private WalScan() {}

    /**
     * What the log looks like.
     *
     * @param tornBytes at ends of files that hold no whole record
     * @param damaged what is wrong in the middle of a file; empty if nothing is
     * @param interrupted which file is torn although a later one goes on; empty if none is. Harmless when the torn file
     *     is one that the database no longer needs, so only its own complaint makes this damage
     */
    record Result(long tornBytes, String damaged, String interrupted) {}

    /** Looks at every log file under {@code dir}. */
    static Result of(Path dir) throws IOException {
        List<Path> logs = new ArrayList<>();
        if (Files.isDirectory(dir)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, "*.log")) {
                files.forEach(logs::add);
            }
        }
        logs.sort(null);
        long torn = 0;
        String tornIn = "";
        String interrupted = "";
        for (Path log : logs) {
            One one = scan(log);
            if (!one.damaged().isEmpty()) {
                return new Result(torn, log.getFileName() + " is " + one.damaged(), "");
            }
            if (!tornIn.isEmpty() && one.records() > 0) {
                interrupted = tornIn + " is torn, and " + log.getFileName() + " goes on after it";
            }
            if (one.tornBytes() > 0) {
                torn += one.tornBytes();
                tornIn = log.getFileName().toString();
            }
        }
        return new Result(torn, "", interrupted);
    }

    /** Bytes of a log up to the first fragment that is not whole, or to its end. */
    static long wholeUntil(Path log) throws IOException {
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
            ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
            long size = channel.size();
            long whole = 0;
            for (long start = 0; start < size; start += BLOCK) {
                int length = read(channel, block, start);
                int at = 0;
                while (at + HEADER <= length && valid(block, at, length)) {
                    int type = type(block, at);
                    at += HEADER + dataLength(block, at);
                    whole = type == FIRST || type == MIDDLE ? whole : start + at;
                }
                if (at + HEADER <= length) {
                    return whole;
                }
            }
            return whole;
        }
    }

    private record One(long records, long tornBytes, String damaged) {}

    private static One scan(Path log) throws IOException {
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
            ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
            long size = channel.size();
            long records = 0;
            long wholeUntil = 0;
            long badAt = -1;
            for (long start = 0; start < size; start += BLOCK) {
                int length = read(channel, block, start);
                int at = 0;
                while (at + HEADER <= length && valid(block, at, length)) {
                    int type = type(block, at);
                    if (badAt >= 0 && begins(type)) {
                        return damaged(badAt, start + at);
                    }
                    at += HEADER + dataLength(block, at);
                    if (type != FIRST && type != MIDDLE && badAt < 0) {
                        records++;
                        wholeUntil = start + at;
                    }
                }
                if (at + HEADER <= length) {
                    badAt = badAt < 0 ? start + at : badAt;
                    // Lengths after a bad fragment cannot be trusted: look for the next beginning byte by byte.
                    for (int next = at + 1; next + HEADER <= length; next++) {
                        if (begins(type(block, next)) && valid(block, next, length)) {
                            return damaged(badAt, start + next);
                        }
                    }
                }
            }
            return new One(records, onlyPadding(channel, block, wholeUntil, size) ? 0 : size - wholeUntil, "");
        }
    }

    private static One damaged(long badAt, long beginsAt) {
        return new One(0, 0, "unreadable at byte " + badAt + " although a record begins after it at byte " + beginsAt);
    }

    private static int read(FileChannel channel, ByteBuffer block, long start) throws IOException {
        block.clear();
        int count;
        do {
            count = channel.read(block, start + block.position());
        } while (count > 0 && block.hasRemaining());
        return block.position();
    }

    private static int dataLength(ByteBuffer block, int at) {
        return block.getShort(at + 4) & 0xffff;
    }

    private static int type(ByteBuffer block, int at) {
        return block.get(at + 6) & 0xff;
    }

    private static boolean begins(int type) {
        return type == FULL || type == FIRST;
    }

    private static boolean valid(ByteBuffer block, int at, int length) {
        int data = dataLength(block, at);
        if (type(block, at) == 0 || at + HEADER + data > length) {
            return false;
        }
        CRC32C crc = new CRC32C();
        crc.update(block.array(), at + 6, 1 + data);
        int value = (int) crc.getValue();
        return ((value >>> 15) | (value << 17)) + MASK_DELTA == block.getInt(at);
    }

    private static boolean zero(ByteBuffer block, int from, int to) {
        for (int i = from; i < to; i++) {
            if (block.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Space that was set aside and not yet written reads as zeros. */
    private static boolean onlyPadding(FileChannel channel, ByteBuffer block, long from, long size) throws IOException {
        for (long start = from; start < size; start += BLOCK) {
            if (!zero(block, 0, read(channel, block, start))) {
                return false;
            }
        }
        return true;
    }
}
