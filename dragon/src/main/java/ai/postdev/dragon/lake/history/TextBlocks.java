package ai.postdev.dragon.lake.history;

import ai.postdev.dragon.lake.code.pattern.FoldedLiteral;
import ai.postdev.dragon.lake.column.BytesColumn;
import ai.postdev.dragon.lake.column.IntColumn;
import ai.postdev.dragon.lake.column.LongColumn;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * A signature for each few kilobytes of event text: one bit for each four bytes that follow each other, folded to
 * {@value #GRAM_BITS} bits. A search looks only into blocks whose signature has all of these that the wanted text has; the
 * rest, usually almost all, is skipped without being read. Three bytes would not do: nearly every block has nearly all that
 * occur. As many bits again tell which words occur: parts cannot tell {@code mergeReport} from a block that has
 * {@code mergeCache} and {@code sendReport}. Costs a quarter of the text's size. The last block is open and always looked
 * into.
 *
 * <p>Signatures are stored in slices: one word holds the same bit of {@value #SLAB_BLOCKS} blocks, so that a text is
 * looked for in as many blocks at once by as many reads as it has such parts. The writer sets bits of new blocks in words
 * that readers read for older ones; a reader's bound tells which bits are its own.
 *
 * <p>Source of the idea: signature files, Faloutsos and Christodoulakis 1984; Cox, "Regular Expression Matching with a
 * Trigram Index", 2012; slices: Goodwin and others, "BitFunnel", SIGIR 2017.
 */
final class TextBlocks {
    private static final int GRAM_BITS = 4096;
    /** Bytes that follow each other, an int of them. */
    private static final int GRAM = Integer.BYTES;

    /** Three bytes, a space, and three bytes: tells whether two words stand side by side. */
    private static final int AROUND = 7;

    private static final int BITS = 2 * GRAM_BITS;
    private static final int WORDS = BITS / Long.SIZE;
    static final int SLAB_BLOCKS = Long.SIZE;
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int BLOCK_BYTES = 4096;
    private static final int BLOCK_EVENTS = 256;
    private static final String OFTEN = "zqjxkvbywgpfmudhlcnsraoite ";

    private final BytesColumn texts;
    private final IntColumn ends = new IntColumn();
    private final LongColumn latest = new LongColumn();
    private final LongColumn earliest = new LongColumn();
    private volatile long[][] slabs = new long[4][];
    private final long[] open = new long[WORDS];
    private long openLatest = Long.MIN_VALUE;
    private long openEarliest = Long.MAX_VALUE;
    private int openBytes;
    private int openEvents;

    TextBlocks(BytesColumn texts) {
        this.texts = texts;
    }

    /** Takes in the text of the event that was appended last. Writer only. */
    void add(int event, long time, Set<String> words) {
        byte[] array = texts.array(event);
        int from = texts.offset(event);
        int to = from + texts.length(event);
        eachBit(array, from, to, this::setOpen);
        for (String word : words) {
            int bits = wordBits(word);
            setOpen(GRAM_BITS + (bits & GRAM_BITS - 1));
            setOpen(GRAM_BITS + (bits >>> 16 & GRAM_BITS - 1));
        }
        openBytes += to - from;
        openEvents++;
        openLatest = Math.max(openLatest, time);
        openEarliest = Math.min(openEarliest, time);
        if (openBytes >= BLOCK_BYTES || openEvents == BLOCK_EVENTS) {
            close(event);
        }
    }

    /** Shows the bits of a text's grams, and of what stands around each of its spaces. */
    private static void eachBit(byte[] array, int from, int to, IntConsumer bits) {
        int gram = 0;
        int before = 0;
        for (int i = from; i < to; i++) {
            before = before << Byte.SIZE | gram >>> 3 * Byte.SIZE;
            gram = gram << Byte.SIZE | fold(array[i]) & 0xFF;
            if (i - from >= GRAM - 1) {
                bits.accept(bit(gram));
                if (i - from >= AROUND - 1 && gram >>> 3 * Byte.SIZE == ' ') {
                    bits.accept(GRAM_BITS + bit(gram ^ (before & 0xFFFFFF) * 0x27D4EB2F));
                }
            }
        }
    }

    private void setOpen(int bit) {
        open[bit >>> 6] |= 1L << bit;
    }

    /** Two places for a word, in the low and the high half. */
    private static int wordBits(String word) {
        int mixed = word.hashCode() * 0x9E3779B9;
        return mixed ^ mixed >>> 15;
    }

    /** The bits that all are set in the signature of a block that has this word. */
    static int[] wordSignature(String word) {
        int bits = wordBits(word);
        return new int[] {GRAM_BITS + (bits & GRAM_BITS - 1), GRAM_BITS + (bits >>> 16 & GRAM_BITS - 1)};
    }

    private void close(int event) {
        int block = ends.size();
        long[] slab = slabFor(block);
        for (int word = 0; word < WORDS; word++) {
            for (long left = open[word]; left != 0; left &= left - 1) {
                int bit = word << 6 | Long.numberOfTrailingZeros(left);
                ELEMENT.setOpaque(slab, bit, slab[bit] | 1L << block);
            }
        }
        latest.append(openLatest);
        earliest.append(openEarliest);
        ends.append(event + 1);
        Arrays.fill(open, 0);
        openBytes = 0;
        openEvents = 0;
        openLatest = Long.MIN_VALUE;
        openEarliest = Long.MAX_VALUE;
    }

    private long[] slabFor(int block) {
        int at = block / SLAB_BLOCKS;
        if (at == slabs.length) {
            slabs = Arrays.copyOf(slabs, at * 2);
        }
        long[][] directory = slabs;
        if (directory[at] == null) {
            directory[at] = new long[BITS];
            slabs = directory; // a volatile write, so that a reader who meets the new block finds its slab
        }
        return directory[at];
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

    /** Time of the earliest event of a closed block. */
    long earliest(int block) {
        return earliest.get(block);
    }

    /** How many slabs hold so many blocks. */
    static int slabs(int blocks) {
        return (blocks + SLAB_BLOCKS - 1) / SLAB_BLOCKS;
    }

    /**
     * Which closed blocks of a slab may hold a text with this signature, one bit each.
     *
     * @param blocks only blocks below it exist for this reader
     */
    long mayHold(int slab, int[] signature, int blocks) {
        int rest = blocks - slab * SLAB_BLOCKS;
        long holding = rest >= SLAB_BLOCKS ? -1L : (1L << rest) - 1;
        long[] words = slabs[slab];
        for (int i = 0; i < signature.length && holding != 0; i++) {
            holding &= (long) ELEMENT.getOpaque(words, signature[i]);
        }
        return holding;
    }

    /** The bits that all are set in the signature of a block with a text, in lower case; none for less than four bytes. */
    static int[] grams(byte[] folded) {
        IntStream.Builder bits = IntStream.builder();
        eachBit(folded, 0, folded.length, bits::add);
        return bits.build().distinct().toArray();
    }

    private static int bit(int gram) {
        int mixed = gram * 0x9E3779B1;
        return (mixed ^ mixed >>> 15) * 0x85EBCA6B >>> 20;
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
        return folded.length == 0 || contains(event, folded, rarest(folded));
    }

    /** The same for a text that is looked for in many events, by its {@link #rarest} place. */
    boolean contains(int event, byte[] folded, int anchor) {
        byte[] array = texts.array(event);
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

    /**
     * Shows the events from one to before another whose texts have a word, each once, in order. The texts of events that
     * follow each other do so in memory too, but for where a chunk ends, so they are looked through as one.
     */
    void eachHolding(int first, int end, FoldedLiteral word, IntConsumer to) {
        int event = first;
        while (event < end) {
            byte[] array = texts.array(event);
            int last = texts.array(end - 1) == array ? end - 1 : event;
            while (last + 1 < end && texts.array(last + 1) == array) {
                last++;
            }
            int stop = texts.offset(last) + texts.length(last);
            int at = word.next(array, texts.offset(event), stop);
            while (at >= 0) {
                event = holder(event, last, at);
                int next = texts.offset(event) + texts.length(event);
                if (at + word.length() <= next) { // else it begins in one text and ends in the next
                    to.accept(event);
                }
                at = next < stop ? word.next(array, next, stop) : -1;
            }
            event = last + 1;
        }
    }

    /** The last event from one to another whose text begins at a place or before: those before it there are empty. */
    private int holder(int from, int to, int place) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (texts.offset(middle) <= place) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The place in a word whose letter occurs least often in English and code: fewest false starts. */
    static int rarest(byte[] folded) {
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
        earliest.write(out);
        for (int slab = 0; slab < slabs(ends.size()); slab++) {
            for (long word : slabs[slab]) {
                out.writeLong(word);
            }
        }
        for (long word : open) {
            out.writeLong(word);
        }
        out.writeLong(openLatest);
        out.writeLong(openEarliest);
        out.writeInt(openBytes);
        out.writeInt(openEvents);
    }

    void read(DataInput in) throws IOException {
        ends.read(in);
        latest.read(in);
        earliest.read(in);
        for (int slab = 0; slab < slabs(ends.size()); slab++) {
            long[] words = slabFor(slab * SLAB_BLOCKS);
            for (int i = 0; i < BITS; i++) {
                words[i] = in.readLong();
            }
        }
        for (int i = 0; i < WORDS; i++) {
            open[i] = in.readLong();
        }
        openLatest = in.readLong();
        openEarliest = in.readLong();
        openBytes = in.readInt();
        openEvents = in.readInt();
    }

    /** Makes the part of the signatures anew that follows from the texts, of which all must be there. Writer only. */
    void sign() {
        for (int block = 0; block < ends.size(); block++) {
            long[] slab = slabFor(block);
            if (block % SLAB_BLOCKS == 0) {
                Arrays.fill(slab, 0, GRAM_BITS, 0);
            }
            long mask = 1L << block;
            eachBit(first(block), end(block), bit -> slab[bit] |= mask);
        }
        Arrays.fill(open, 0, GRAM_BITS / Long.SIZE, 0);
        eachBit(ends.size() == 0 ? 0 : ends.get(ends.size() - 1), texts.size(), this::setOpen);
    }

    private void eachBit(int first, int end, IntConsumer bits) {
        for (int event = first; event < end; event++) {
            int from = texts.offset(event);
            eachBit(texts.array(event), from, from + texts.length(event), bits);
        }
    }

    long memoryBytes() {
        return ends.memoryBytes()
                + latest.memoryBytes()
                + earliest.memoryBytes()
                + (long) slabs(ends.size()) * BITS * Long.BYTES
                + BITS / Byte.SIZE;
    }
}
