package ai.postdev.dragon.disk;

import ai.postdev.dragon.disk.ModelDisk.Losses;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The bytes of a file: those that a cut cannot take, and the changes since then, in order. */
final class Content {
    private static final int SECTOR = 512;
    private static final int PAGE = 4096;

    private sealed interface Change {
        long at();

        record Write(long at, int offset, byte[] bytes) implements Change {
            int end() {
                return offset + bytes.length;
            }
        }

        record Resize(long at, int size) implements Change {}
    }

    private final Buffer safe;
    private final List<Change> changes = new ArrayList<>();

    Content(byte[] bytes) {
        safe = new Buffer(bytes, bytes.length);
    }

    void write(long at, long offset, byte[] bytes) {
        changes.add(new Change.Write(at, Math.toIntExact(offset), bytes));
    }

    void resize(long at, long size) {
        changes.add(new Change.Resize(at, Math.toIntExact(size)));
    }

    /** What changed before the event {@code began} is on the disk. */
    void synced(long began) {
        int count = 0;
        while (count < changes.size() && changes.get(count).at() < began) {
            safe.apply(changes.get(count++));
        }
        changes.subList(0, count).clear();
    }

    /** With every change. */
    byte[] whole() {
        Buffer buffer = safe.copy();
        changes.forEach(buffer::apply);
        return buffer.bytes();
    }

    /** What of it could be there after a cut. */
    byte[] cut(Losses losses, Random random) {
        return switch (losses) {
            case IN_ORDER -> prefix(random);
            case IN_ANY_ORDER -> random.nextInt(3) == 0 ? prefix(random) : scattered(random);
        };
    }

    /** The changes up to one, which is torn at a sector. */
    private byte[] prefix(Random random) {
        Buffer buffer = safe.copy();
        int count = (int) (Chance.fraction(random) * changes.size());
        changes.subList(0, count).forEach(buffer::apply);
        if (count < changes.size() && changes.get(count) instanceof Change.Write torn) {
            int end = (torn.offset() + random.nextInt(torn.bytes().length + 1)) / SECTOR * SECTOR;
            if (end > torn.offset()) {
                buffer.write(torn, torn.offset(), end);
            }
        }
        return buffer.bytes();
    }

    /** Each unit of the disk as it was at some moment since the sync, by itself. */
    private byte[] scattered(Random random) {
        Buffer buffer = safe.copy();
        int unit = random.nextBoolean() ? SECTOR : PAGE;
        double chance = Chance.fraction(random);
        Map<Integer, Long> until = new HashMap<>();
        int longest = safe.size();
        for (Change change : changes) {
            switch (change) {
                case Change.Resize resize -> {
                    if (random.nextDouble() < chance) {
                        buffer.apply(resize);
                    }
                    longest = Math.max(longest, resize.size());
                }
                case Change.Write write -> {
                    longest = Math.max(longest, write.end());
                    for (int from = write.offset(); from < write.end(); ) {
                        int to = Math.min(write.end(), (from / unit + 1) * unit);
                        if (until.computeIfAbsent(from / unit, _ -> moment(random, chance)) >= write.at()) {
                            buffer.write(write, from, to);
                        }
                        from = to;
                    }
                }
            }
        }
        if (random.nextInt(3) == 0 && longest > buffer.size()) {
            buffer.apply(new Change.Resize(0, longest));
        }
        return buffer.bytes();
    }

    /** Up to which event a unit of the disk holds what was written. */
    private long moment(Random random, double chance) {
        if (random.nextDouble() >= chance) {
            return -1;
        }
        return random.nextInt(5) > 0
                ? Long.MAX_VALUE
                : changes.get(random.nextInt(changes.size())).at();
    }

    /** Bytes that grow; what was never written is zero. */
    private static final class Buffer {
        private byte[] bytes;
        private int size;

        Buffer(byte[] bytes, int size) {
            this.bytes = bytes;
            this.size = size;
        }

        Buffer copy() {
            return new Buffer(bytes(), size);
        }

        byte[] bytes() {
            return Arrays.copyOf(bytes, size);
        }

        int size() {
            return size;
        }

        void apply(Change change) {
            switch (change) {
                case Change.Write write -> write(write, write.offset(), write.end());
                case Change.Resize resize -> resize(resize.size());
            }
        }

        /** The part of a write between two places in the file. */
        void write(Change.Write write, int from, int to) {
            if (to > size) {
                resize(to);
            }
            System.arraycopy(write.bytes(), from - write.offset(), bytes, from, to - from);
        }

        private void resize(int to) {
            if (to > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(to, bytes.length * 2));
            }
            if (to < size) {
                Arrays.fill(bytes, to, size, (byte) 0);
            }
            size = to;
        }
    }
}
