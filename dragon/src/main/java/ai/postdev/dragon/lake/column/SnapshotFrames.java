package ai.postdev.dragon.lake.column;

import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.CRC32C;

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
        int magic = in.readInt();
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
        BlockInput blocks = new BlockInput(in);
        reading.read(foundVersion, new DataInputStream(blocks));
        if (blocks.read() != -1) {
            throw new IOException("snapshot of " + store + " is longer than its content");
        }
    }

    private static int crc(byte[] block, int length) {
        CRC32C crc = new CRC32C();
        crc.update(block, 0, length);
        return (int) crc.getValue();
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
            out.writeInt(crc(block, used));
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

    private static final class BlockInput extends InputStream {
        private final DataInput in;
        private final byte[] block = new byte[BLOCK];
        private int length;
        private int at;
        private boolean ended;

        BlockInput(DataInput in) {
            this.in = in;
        }

        private boolean filled() throws IOException {
            if (at < length) {
                return true;
            }
            if (ended) {
                return false;
            }
            length = in.readInt();
            at = 0;
            if (length == 0) {
                ended = true;
                return false;
            }
            if (length < 0 || length > BLOCK) {
                throw new IOException("snapshot block of " + length + " bytes, expected 1 to " + BLOCK);
            }
            int expected = in.readInt();
            in.readFully(block, 0, length);
            if (crc(block, length) != expected) {
                throw new IOException("snapshot block is damaged: its CRC does not fit its bytes");
            }
            return true;
        }

        @Override
        public int read() throws IOException {
            return filled() ? block[at++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int wanted) throws IOException {
            if (wanted == 0) {
                return 0;
            }
            if (!filled()) {
                return -1;
            }
            int part = Math.min(wanted, length - at);
            System.arraycopy(block, at, bytes, offset, part);
            at += part;
            return part;
        }
    }
}
