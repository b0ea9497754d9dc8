package ai.postdev.dragon.lake.history;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which events were dropped: a bit for each sequence of an origin, in pages, so that it is the same in whatever order
 * operations come, and an event that comes after its drop is known too. Writer only; any thread may read a copy.
 */
final class DroppedEvents {
    private static final int PAGE_SHIFT = 12;
    private static final int PAGE_WORDS = 1 << PAGE_SHIFT - 6;

    private final Map<Origin, TreeMap<Long, long[]>> pages = new HashMap<>();
    private final List<Dropping> droppings = new ArrayList<>();
    private long count;
    private long textBytes;

    /** The same now, whatever becomes of this. */
    DroppedEvents copy() {
        DroppedEvents copy = new DroppedEvents();
        pages.forEach((origin, ofOrigin) -> {
            TreeMap<Long, long[]> copied = new TreeMap<>();
            ofOrigin.forEach((number, page) -> copied.put(number, page.clone()));
            copy.pages.put(origin, copied);
        });
        copy.droppings.addAll(droppings);
        copy.count = count;
        copy.textBytes = textBytes;
        return copy;
    }

    /** The place of an operation that dropped events. */
    record Dropping(Origin origin, long sequence) {}

    /** Notes what an operation drops. */
    void add(Operation operation, Body.DropEvents drop) {
        droppings.add(new Dropping(operation.origin(), operation.sequence()));
        textBytes += drop.textBytes();
        TreeMap<Long, long[]> ofOrigin = pages.computeIfAbsent(drop.of(), _ -> new TreeMap<>());
        for (long sequence : drop.sequences()) {
            long[] page = ofOrigin.computeIfAbsent(sequence >>> PAGE_SHIFT, _ -> new long[PAGE_WORDS]);
            int word = (int) (sequence >>> 6) & PAGE_WORDS - 1;
            long before = page[word];
            page[word] |= 1L << sequence;
            count += page[word] == before ? 0 : 1;
        }
    }

    boolean contains(Origin origin, long sequence) {
        TreeMap<Long, long[]> ofOrigin = pages.get(origin);
        long[] page = ofOrigin == null ? null : ofOrigin.get(sequence >>> PAGE_SHIFT);
        return page != null && (page[(int) (sequence >>> 6) & PAGE_WORDS - 1] >>> sequence & 1) != 0;
    }

    /** How many different events. */
    long count() {
        return count;
    }

    /** Bytes of their texts, as the operations tell. */
    long textBytes() {
        return textBytes;
    }

    /** The operations that dropped them, in the order in which they came; a fixed copy. */
    List<Dropping> droppings() {
        return List.copyOf(droppings);
    }

    long memoryBytes() {
        long held = 64L * droppings.size();
        for (TreeMap<Long, long[]> ofOrigin : pages.values()) {
            held += ofOrigin.size() * (64L + Long.BYTES * PAGE_WORDS);
        }
        return held;
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(textBytes);
        out.writeInt(droppings.size());
        for (Dropping dropping : droppings) {
            out.writeUTF(dropping.origin().value());
            out.writeLong(dropping.sequence());
        }
        out.writeInt(pages.size());
        for (Map.Entry<Origin, TreeMap<Long, long[]>> origin : new TreeMap<>(pages).entrySet()) {
            out.writeUTF(origin.getKey().value());
            out.writeInt(origin.getValue().size());
            for (Map.Entry<Long, long[]> page : origin.getValue().entrySet()) {
                out.writeLong(page.getKey());
                for (long word : page.getValue()) {
                    out.writeLong(word);
                }
            }
        }
    }

    void read(DataInput in) throws IOException {
        textBytes = in.readLong();
        for (int left = in.readInt(); left > 0; left--) {
            droppings.add(new Dropping(new Origin(in.readUTF()), in.readLong()));
        }
        for (int origins = in.readInt(); origins > 0; origins--) {
            TreeMap<Long, long[]> ofOrigin = pages.computeIfAbsent(new Origin(in.readUTF()), _ -> new TreeMap<>());
            for (int left = in.readInt(); left > 0; left--) {
                long number = in.readLong();
                long[] page = new long[PAGE_WORDS];
                for (int word = 0; word < PAGE_WORDS; word++) {
                    page[word] = in.readLong();
                }
                count += Arrays.stream(page).map(Long::bitCount).sum();
                ofOrigin.put(number, page);
            }
        }
    }
}
