package ai.postdev.dragon.lake.history;

import ai.postdev.dragon.lake.column.BytesColumn;
import ai.postdev.dragon.lake.column.IntColumn;
import ai.postdev.dragon.lake.column.LongColumn;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * A signature for each few kilobytes of event text: one bit for each trigram that occurs, folded to {@value #BITS} bits.
 * A search looks only into blocks whose signature has all trigrams of the wanted text; the rest, usually almost all, is
 * skipped without being read. Costs an eighth of the text's size. The last block is open and always looked into.
 *
 * <p>Source of the idea: signature files, Faloutsos and Christodoulakis 1984; Cox, "Regular Expression Matching with a
 * Trigram Index", 2012.
 */
final class TextBlocks {
    static final int BITS = 4096;
    private static final int WORDS = BITS / Long.SIZE;
    private static final int BLOCK_BYTES = 4096;
    private static final int BLOCK_EVENTS = 256;
    private static final String OFTEN = "zqjxkvbywgpfmudhlcnsraoite ";

    private final BytesColumn texts;
    private final IntColumn ends = new IntColumn();
    private final LongColumn latest = new LongColumn();
    private final LongColumn signatures = new LongColumn();
    private final long[] open = new long[WORDS];
    private long openLatest = Long.MIN_VALUE;
    private int openBytes;
    private int openEvents;

    TextBlocks(BytesColumn texts) {
        this.texts = texts;
    }

    /** Takes in the text of the event that was appended last. Writer only. */
    void add(int event, long time) {
        byte[] array = texts.array(event);
        int from = texts.offset(event);
        int to = from + texts.length(event);
        for (int i = from; i + 2 < to; i++) {
            int bit = bit(fold(array[i]), fold(array[i + 1]), fold(array[i + 2]));
            open[bit >>> 6] |= 1L << bit;
        }
        openBytes += to - from;
        openEvents++;
        openLatest = Math.max(openLatest, time);
        if (openBytes >= BLOCK_BYTES || openEvents == BLOCK_EVENTS) {
            for (long word : open) {
                signatures.append(word);
            }
            latest.append(openLatest);
            ends.append(event + 1);
            Arrays.fill(open, 0);
            openBytes = 0;
            openEvents = 0;
            openLatest = Long.MIN_VALUE;
        }
    }

    /** How many blocks are closed. Writer only. */
    int size() {
        return ends.size();
    }

    /** First event of a block. */
    int first(int block) {
        return block == 0 ? 0 : ends.get(block - 1);
    }

    /** One past the last event of a closed block. */
    int end(int block) {
        return ends.get(block);
    }

    /** Time of the latest event of a closed block. */
    long latest(int block) {
        return latest.get(block);
    }

    /** Whether a closed block may hold a text with these trigrams. */
    boolean mayHold(int block, int[] trigrams) {
        int first = block * WORDS;
        for (int bit : trigrams) {
            if ((signatures.get(first + (bit >>> 6)) & 1L << bit) == 0) {
                return false;
            }
        }
        return true;
    }

    /** The distinct trigrams of a text in lower case; none if it is shorter than three bytes. */
    static int[] trigrams(byte[] folded) {
        int[] bits = new int[Math.max(0, folded.length - 2)];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = bit(folded[i], folded[i + 1], folded[i + 2]);
        }
        return Arrays.stream(bits).distinct().toArray();
    }

    private static int bit(int a, int b, int c) {
        int packed = (a & 0xFF) | (b & 0xFF) << 8 | (c & 0xFF) << 16;
        return (packed * 0x9E3779B1) >>> 20;
    }

    /** ASCII letters to lower case; every other byte stays. */
    static int fold(byte b) {
        return b >= 'A' && b <= 'Z' ? b | 0x20 : b;
    }

    /** A copy in lower case, ASCII letters only. */
    static byte[] folded(byte[] text) {
        byte[] folded = new byte[text.length];
        for (int i = 0; i < text.length; i++) {
            folded[i] = (byte) fold(text[i]);
        }
        return folded;
    }

    /** Whether an event's text has {@code folded} in it, whatever the case of its letters. */
    boolean contains(int event, byte[] folded) {
        if (folded.length == 0) {
            return true;
        }
        byte[] array = texts.array(event);
        int anchor = rarest(folded);
        int from = texts.offset(event) + anchor;
        int last = from - anchor + texts.length(event) - folded.length + anchor;
        byte lower = folded[anchor];
        byte upper = lower >= 'a' && lower <= 'z' ? (byte) (lower & ~0x20) : lower;
        for (int i = from; i <= last; i++) {
            byte b = array[i];
            if ((b == lower || b == upper) && matches(array, i - anchor, folded)) {
                return true;
            }
        }
        return false;
    }

    /** The place in a word whose letter occurs least often in English and code: fewest false starts. */
    private static int rarest(byte[] folded) {
        int rarest = 0;
        int rank = Integer.MAX_VALUE;
        for (int i = 0; i < folded.length; i++) {
            int often = 1 + OFTEN.indexOf(folded[i]); // what is not a letter or space is rarer than all
            if (often < rank) {
                rank = often;
                rarest = i;
            }
        }
        return rarest;
    }

    private static boolean matches(byte[] array, int at, byte[] folded) {
        for (int i = 0; i < folded.length; i++) {
            if (fold(array[at + i]) != folded[i]) {
                return false;
            }
        }
        return true;
    }

    void write(DataOutput out) throws IOException {
        ends.write(out);
        latest.write(out);
        signatures.write(out);
        for (long word : open) {
            out.writeLong(word);
        }
        out.writeLong(openLatest);
        out.writeInt(openBytes);
        out.writeInt(openEvents);
    }

    void read(DataInput in) throws IOException {
        ends.read(in);
        latest.read(in);
        signatures.read(in);
        for (int i = 0; i < WORDS; i++) {
            open[i] = in.readLong();
        }
        openLatest = in.readLong();
        openBytes = in.readInt();
        openEvents = in.readInt();
    }

    long memoryBytes() {
        return ends.memoryBytes() + latest.memoryBytes() + signatures.memoryBytes() + BITS / Byte.SIZE;
    }
}
