package ai.postdev.dragon.lake.history;

import ai.postdev.dragon.lake.code.pattern.FoldedLiteral;
import ai.postdev.dragon.lake.column.BytesColumn;
import ai.postdev.dragon.lake.column.IntColumn;
import ai.postdev.dragon.lake.column.LongColumn;
import ai.postdev.dragon.lake.column.SnapshotFrames;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * A signature for each few kilobytes of event text: one bit for each four bytes that follow each other, folded to
 * {@value #GRAM_BITS} bits. A search looks only into blocks whose signature has all of these that the wanted text has; the
 * rest, usually almost all, is skipped without being read. Three bytes would not do: nearly every block has nearly all that
 * occur. {@value #WORD_BITS} bits more tell which words occur, and which stand side by side: parts cannot tell
 * {@code mergeReport} from a block that has {@code mergeCache} and {@code sendReport}. Costs a fifth of the text's size.
 * The last block is open and always looked into.
 *
 * <p>Signatures are stored in slices: one word holds the same bit of {@value #SLAB_BLOCKS} blocks, so that a text is
 * looked for in as many blocks at once by as many reads as it has such parts. The writer sets bits of new blocks in words
 * that readers read for older ones; a reader's bound tells which bits are its own.
 *
 * <p>Source of the idea: signature files, Faloutsos and Christodoulakis 1984; Cox, "Regular Expression Matching with a
 * Trigram Index", 2012; slices: Goodwin and others, "BitFunnel", SIGIR 2017.
 */
final class TextBlocks {
    private static final int GRAM_BITS = 3072;
    /** Bits for words, and for what stands around spaces. */
    private static final int WORD_BITS = 3072;
    /** Bytes that follow each other, an int of them. */
    private static final int GRAM = Integer.BYTES;

    /** Four bytes, a space, and four bytes: tells whether two words stand side by side. */
    private static final int AROUND = 2 * GRAM + 1;

    private static final int FORMER_BITS = 8192;
    private static final int BITS = GRAM_BITS + WORD_BITS;
    private static final int WORDS = BITS / Long.SIZE;
    static final int SLAB_BLOCKS = Long.SIZE;
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int BLOCK_BYTES = 4096;
    private static final int BLOCK_EVENTS = 256;

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

    /**
     * Takes in the text of the event that was appended last. Writer only.
     *
     * @param words hashes of its words, as {@link String#hashCode} makes them
     */
    void add(int event, long time, int[] words) {
        byte[] array = texts.array(event);
        long span = texts.span(event);
        int from = BytesColumn.start(span);
        int to = BytesColumn.end(span);
        eachBit(array, from, to, this::setOpen);
        for (int word : words) {
            int mixed = wordMixed(word);
            setOpen(firstOf(mixed));
            setOpen(secondOf(mixed));
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
        long before = 0;
        for (int i = from; i < to; i++) {
            before = before << Byte.SIZE | gram >>> 3 * Byte.SIZE;
            gram = gram << Byte.SIZE | fold(array[i]) & 0xFF;
            if (i - from >= GRAM - 1) {
                bits.accept(place(mixed(gram), GRAM_BITS));
                if (i - from >= AROUND - 1 && (before & 0xFF) == ' ') {
                    int sides = mixed(gram ^ (int) (before >>> Byte.SIZE) * 0x27D4EB2F);
                    bits.accept(GRAM_BITS + place(sides, WORD_BITS));
                    bits.accept(GRAM_BITS + place(mixed(sides), WORD_BITS)); // one may be that of a common word too
                }
            }
        }
    }

    private void setOpen(int bit) {
        open[bit >>> 6] |= 1L << bit;
    }

    /** The bits that all are set in the signature of a block that has this word. */
    static int[] wordSignature(String word) {
        int mixed = wordMixed(word.hashCode());
        return new int[] {firstOf(mixed), secondOf(mixed)};
    }

    private static int wordMixed(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ mixed >>> 15;
    }

    private static int firstOf(int wordMixed) {
        return GRAM_BITS + place(wordMixed << Short.SIZE, WORD_BITS);
    }

    private static int secondOf(int wordMixed) {
        return GRAM_BITS + place(wordMixed & 0xFFFF0000, WORD_BITS);
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

    /** Shows the blocks, of so many, that have a time in a span, and the earliest time of each. */
    void eachIn(long from, long until, int blocks, BlockAndTime to) {
        for (int start = 0; start < blocks; start = LongColumn.stop(start)) {
            long[] earliestHere = earliest.chunk(start);
            long[] latestHere = latest.chunk(start);
            int count = Math.min(blocks, LongColumn.stop(start)) - start;
            for (int at = 0; at < count; at++) {
                if (latestHere[at] >= from && earliestHere[at] <= until) {
                    to.accept(start + at, earliestHere[at]);
                }
            }
        }
    }

    /** Takes a block and its earliest time. */
    @FunctionalInterface
    interface BlockAndTime {
        void accept(int block, long earliest);
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

    private static int mixed(int gram) {
        int mixed = gram * 0x9E3779B1;
        return (mixed ^ mixed >>> 15) * 0x85EBCA6B;
    }

    /** A place among so many, by the highest bits of a hash. */
    private static int place(int hash, int places) {
        return (int) ((hash & 0xFFFF_FFFFL) * places >>> Integer.SIZE);
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

    /** Whether an event's text has a word in it. */
    boolean contains(int event, FoldedLiteral word) {
        long span = texts.span(event);
        return word.next(texts.array(event), BytesColumn.start(span), BytesColumn.end(span)) >= 0;
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
            int stop = BytesColumn.end(texts.span(last));
            int at = word.next(array, texts.offset(event), stop);
            while (at >= 0) {
                event = holder(event, last, at);
                int next = BytesColumn.end(texts.span(event));
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

    /** What there is now, to be written on any thread. Writer only. */
    Frozen freeze() {
        return new Frozen(ends.size(), open.clone(), openLatest, openEarliest, openBytes, openEvents);
    }

    /** How many blocks were closed at a moment, and the open one. */
    record Frozen(int blocks, long[] open, long latest, long earliest, int bytes, int events) {}

    /** Any thread. */
    void write(Frozen frozen, DataOutput out) throws IOException {
        ends.write(frozen.blocks(), out);
        latest.write(frozen.blocks(), out);
        earliest.write(frozen.blocks(), out);
        long[] masked = new long[BITS];
        for (int slab = 0; slab < slabs(frozen.blocks()); slab++) {
            int there = frozen.blocks() - slab * SLAB_BLOCKS;
            long known = there >= SLAB_BLOCKS ? -1L : (1L << there) - 1; // not those of blocks closed since
            long[] words = slabs[slab];
            for (int bit = 0; bit < BITS; bit++) {
                masked[bit] = (long) ELEMENT.getOpaque(words, bit) & known;
            }
            SnapshotFrames.longs(out, masked, BITS);
        }
        SnapshotFrames.longs(out, frozen.open(), WORDS);
        out.writeLong(frozen.latest());
        out.writeLong(frozen.earliest());
        out.writeInt(frozen.bytes());
        out.writeInt(frozen.events());
    }

    void read(DataInput in) throws IOException {
        ends.read(in);
        latest.read(in);
        earliest.read(in);
        for (int slab = 0; slab < slabs(ends.size()); slab++) {
            SnapshotFrames.longs(in, slabFor(slab * SLAB_BLOCKS), 0, BITS);
        }
        SnapshotFrames.longs(in, open, 0, WORDS);
        openLatest = in.readLong();
        openEarliest = in.readLong();
        openBytes = in.readInt();
        openEvents = in.readInt();
    }

    /** Reads over what former formats of the snapshot have instead of what {@link #read} reads. */
    void skipFormer(DataInput in) throws IOException {
        IntColumn formerEnds = new IntColumn();
        formerEnds.read(in);
        new LongColumn().read(in);
        new LongColumn().read(in);
        long left = (long) slabs(formerEnds.size()) * FORMER_BITS + FORMER_BITS / Long.SIZE + 3;
        while (left > 0) { // the open block too, its two times and two counts
            in.readLong();
            left--;
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
