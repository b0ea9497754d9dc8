package ai.postdev.dragon.lake.column;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * The frame around every snapshot: a magic word, the store's name and format version, then blocks that each carry their
 * length and CRC, then an end mark. A reader is only ever handed bytes whose CRC was right, so a damaged file is
 * refused at the damage and never understood as something else.
 */
public final class SnapshotFrames {
    private static final int MAGIC = 0x50445653; // "PDVS"
    private static final int BLOCK = 1 << 16;

    private SnapshotFrames() {}

    /** Writes the content of a snapshot. */
    @FunctionalInterface
    public interface Content {
        /** Writes to {@code out}. */
        void write(DataOutput out) throws IOException;
    }

    /** Reads the content of a snapshot. */
    @FunctionalInterface
    public interface Reading {
        /** Reads from {@code in}. */
        void read(DataInput in) throws IOException;
    }

    /** Writes a snapshot of {@code store} in its format {@code version}. */
    public static void write(String store, int version, DataOutput out, Content content) throws IOException {
        out.writeInt(MAGIC);
        out.writeUTF(store);
        out.writeInt(version);
        BlockOutput blocks = new BlockOutput(out);
        DataOutputStream data = new DataOutputStream(blocks);
        content.write(data);
        data.flush();
        blocks.finish();
    }

    /** Reads the content of a snapshot in one of several formats. */
    @FunctionalInterface
    public interface VersionedReading {
        /** Reads from {@code in} what {@code version} wrote. */
        void read(int version, DataInput in) throws IOException;
    }

    /**
     * Reads a snapshot.
     *
     * @throws IOException if the bytes are damaged, cut, of another store or of another format version
     */
    public static void read(String store, int version, DataInput in, Reading reading) throws IOException {
        read(store, version, version, in, (_, data) -> reading.read(data));
    }

    /**
     * Reads a snapshot of any format version from {@code oldest} to {@code newest}.
     *
     * @throws IOException if the bytes are damaged, cut, of another store or of another format version
     */
    public static void read(String store, int oldest, int newest, DataInput in, VersionedReading reading)
            throws IOException {
        readAfter(in.readInt(), store, oldest, newest, in, reading);
    }

    /**
     * As {@link #read(String, int, int, DataInput, VersionedReading)}, for a store that had snapshots without this frame.
     *
     * @param magic the first four bytes, which were read to tell these apart
     */
    public static void readAfter(
            int magic, String store, int oldest, int newest, DataInput in, VersionedReading reading)
            throws IOException {
        if (magic != MAGIC) {
            throw new IOException("no snapshot: starts with " + Integer.toHexString(magic) + ", expected "
                    + Integer.toHexString(MAGIC));
        }
        String foundStore = in.readUTF();
        int foundVersion = in.readInt();
        if (!foundStore.equals(store) || foundVersion < oldest || foundVersion > newest) {
            throw new IOException("snapshot of " + foundStore + " format " + foundVersion + ", expected " + store
                    + " format " + (oldest == newest ? "" : oldest + " to ") + newest);
        }
        SnapshotInput blocks = new SnapshotInput(in, BLOCK);
        reading.read(foundVersion, blocks);
        if (blocks.read() != -1) {
            throw new IOException("snapshot of " + store + " is longer than its content");
        }
    }

    /** Reads {@code count} longs to {@code from} and after it; at once where {@code in} is a snapshot's content. */
    public static void longs(DataInput in, long[] to, int from, int count) throws IOException {
        SnapshotInput.longs(in, to, from, count);
    }

    /** Reads {@code count} chars to the beginning of an array; at once where {@code in} is a snapshot's content. */
    public static void chars(DataInput in, char[] to, int count) throws IOException {
        SnapshotInput.chars(in, to, count);
    }

    /** Writes the first {@code count} longs of an array. */
    public static void longs(DataOutput out, long[] values, int count) throws IOException {
        byte[] bytes = new byte[count * Long.BYTES];
        ByteBuffer.wrap(bytes).asLongBuffer().put(values, 0, count);
        out.write(bytes);
    }

    /** Writes the first {@code count} ints of an array. */
    static void ints(DataOutput out, int[] values, int count) throws IOException {
        byte[] bytes = new byte[count * Integer.BYTES];
        ByteBuffer.wrap(bytes).asIntBuffer().put(values, 0, count);
        out.write(bytes);
    }

    private static final class BlockOutput extends OutputStream {
        private final DataOutput out;
        private final byte[] block = new byte[BLOCK];
        private int used;

        BlockOutput(DataOutput out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            if (used == BLOCK) {
                writeBlock();
            }
            block[used++] = (byte) b;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int done = 0;
            while (done < length) {
                if (used == BLOCK) {
                    writeBlock();
                }
                int part = Math.min(length - done, BLOCK - used);
                System.arraycopy(bytes, offset + done, block, used, part);
                used += part;
                done += part;
            }
        }

        private void writeBlock() throws IOException {
            out.writeInt(used);
            out.writeInt(SnapshotInput.crc(block, used));
            out.write(block, 0, used);
            used = 0;
        }

        void finish() throws IOException {
            if (used > 0) {
                writeBlock();
            }
            out.writeInt(0);
        }
    }
}
