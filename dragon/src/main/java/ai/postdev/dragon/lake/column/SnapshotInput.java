package ai.postdev.dragon.lake.column;

import java.io.DataInput;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Reads what lies in the blocks of a snapshot, each checked before any of it is handed out. Numbers are taken from the
 * block in place, many at once where a column has many: a snapshot of a million events holds ten million of them.
 */
final class SnapshotInput extends InputStream implements DataInput {
    private static final VarHandle CHAR = MethodHandles.byteArrayViewVarHandle(char[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final DataInput in;
    private final byte[] block;
    /** For what lies on both sides of a block's end, and what is seldom read. */
    private final DataInputStream slow = new DataInputStream(this);

    private int length;
    private int at;
    private boolean ended;

    /** @param largest bytes that a block may have */
    SnapshotInput(DataInput in, int largest) {
        this.in = in;
        this.block = new byte[largest];
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
        if (length < 0 || length > block.length) {
            throw new IOException("snapshot block of " + length + " bytes, expected 1 to " + block.length);
        }
        int expected = in.readInt();
        in.readFully(block, 0, length);
        if (crc(block, length) != expected) {
            throw new IOException("snapshot block is damaged: its CRC does not fit its bytes");
        }
        return true;
    }

    static int crc(byte[] block, int length) {
        CRC32C crc = new CRC32C();
        crc.update(block, 0, length);
        return (int) crc.getValue();
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

    @Override
    public int readInt() throws IOException {
        if (length - at < Integer.BYTES) {
            return slow.readInt();
        }
        int value = (int) INT.get(block, at);
        at += Integer.BYTES;
        return value;
    }

    @Override
    public long readLong() throws IOException {
        if (length - at < Long.BYTES) {
            return slow.readLong();
        }
        long value = (long) LONG.get(block, at);
        at += Long.BYTES;
        return value;
    }

    /** Reads {@code count} longs to {@code from} and after it. */
    static void longs(DataInput in, long[] to, int from, int count) throws IOException {
        int done = 0;
        while (done < count) {
            int here = in instanceof SnapshotInput blocks ? blocks.whole(Long.BYTES, count - done) : 0;
            if (here == 0) {
                to[from + done++] = in.readLong();
            } else {
                ((SnapshotInput) in).copyLongs(to, from + done, here);
                done += here;
            }
        }
    }

    /** Reads {@code count} ints to {@code from} and after it. */
    static void ints(DataInput in, int[] to, int from, int count) throws IOException {
        int done = 0;
        while (done < count) {
            int here = in instanceof SnapshotInput blocks ? blocks.whole(Integer.BYTES, count - done) : 0;
            if (here == 0) {
                to[from + done++] = in.readInt();
            } else {
                ((SnapshotInput) in).copyInts(to, from + done, here);
                done += here;
            }
        }
    }

    /** Reads {@code count} chars to the beginning of an array. */
    static void chars(DataInput in, char[] to, int count) throws IOException {
        int done = 0;
        while (done < count) {
            int here = in instanceof SnapshotInput blocks ? blocks.whole(Character.BYTES, count - done) : 0;
            if (here == 0) {
                to[done++] = in.readChar();
            } else {
                ((SnapshotInput) in).copyChars(to, done, here);
                done += here;
            }
        }
    }

    /** How many values of so many bytes lie whole in the rest of this block, at most {@code wanted}. */
    private int whole(int bytes, int wanted) {
        return Math.min(wanted, (length - at) / bytes);
    }

    private void copyLongs(long[] to, int from, int count) {
        int start = at;
        for (int i = 0; i < count; i++) {
            to[from + i] = (long) LONG.get(block, start + i * Long.BYTES);
        }
        at = start + count * Long.BYTES;
    }

    private void copyInts(int[] to, int from, int count) {
        int start = at;
        for (int i = 0; i < count; i++) {
            to[from + i] = (int) INT.get(block, start + i * Integer.BYTES);
        }
        at = start + count * Integer.BYTES;
    }

    private void copyChars(char[] to, int from, int count) {
        int start = at;
        for (int i = 0; i < count; i++) {
            to[from + i] = (char) CHAR.get(block, start + i * Character.BYTES);
        }
        at = start + count * Character.BYTES;
    }

    @Override
    public void readFully(byte[] bytes) throws IOException {
        readFully(bytes, 0, bytes.length);
    }

    @Override
    public void readFully(byte[] bytes, int offset, int wanted) throws IOException {
        int done = 0;
        while (done < wanted) {
            int part = read(bytes, offset + done, wanted - done);
            if (part < 0) {
                throw new EOFException("a snapshot ends in the middle of what it holds");
            }
            done += part;
        }
    }

    @Override
    public int skipBytes(int wanted) throws IOException {
        return slow.skipBytes(wanted);
    }

    @Override
    public boolean readBoolean() throws IOException {
        return slow.readBoolean();
    }

    @Override
    public byte readByte() throws IOException {
        return slow.readByte();
    }

    @Override
    public int readUnsignedByte() throws IOException {
        return slow.readUnsignedByte();
    }

    @Override
    public short readShort() throws IOException {
        return slow.readShort();
    }

    @Override
    public int readUnsignedShort() throws IOException {
        return slow.readUnsignedShort();
    }

    @Override
    public char readChar() throws IOException {
        return slow.readChar();
    }

    @Override
    public float readFloat() throws IOException {
        return slow.readFloat();
    }

    @Override
    public double readDouble() throws IOException {
        return slow.readDouble();
    }

    /** A snapshot has no lines of text. */
    @Override
    public String readLine() {
        throw new UnsupportedOperationException("a snapshot holds no lines");
    }

    @Override
    public String readUTF() throws IOException {
        return slow.readUTF();
    }
}
