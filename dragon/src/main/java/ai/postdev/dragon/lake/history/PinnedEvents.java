package ai.postdev.dragon.lake.history;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Which events are pinned: of each the last word by hybrid time, then origin and sequence. Writer only; any thread may read a copy. */
final class PinnedEvents {
    private static final Comparator<Word> OLDER =
            Comparator.comparing(Word::time).thenComparing(Word::origin).thenComparingLong(Word::sequence);

    private final Map<Key, Word> words = new HashMap<>();

    /** An event, by the operation that wrote it. */
    private record Key(Origin origin, long sequence) {}

    /** What an operation said about an event. */
    private record Word(boolean pinned, HybridTime time, Origin origin, long sequence) {}

    /** The same now, whatever becomes of this. */
    PinnedEvents copy() {
        PinnedEvents copy = new PinnedEvents();
        copy.words.putAll(words);
        return copy;
    }

    void add(Operation operation, Body.PinEvent pin) {
        words.merge(
                new Key(pin.of(), pin.sequence()),
                new Word(pin.pinned(), operation.time(), operation.origin(), operation.sequence()),
                (one, other) -> OLDER.compare(one, other) > 0 ? one : other);
    }

    boolean contains(Origin origin, long sequence) {
        Word word = words.isEmpty() ? null : words.get(new Key(origin, sequence));
        return word != null && word.pinned();
    }

    long memoryBytes() {
        return 160L * words.size();
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(words.size());
        Map<Key, Word> sorted = new TreeMap<>(Comparator.comparing(Key::origin).thenComparingLong(Key::sequence));
        sorted.putAll(words);
        for (Map.Entry<Key, Word> entry : sorted.entrySet()) {
            out.writeUTF(entry.getKey().origin().value());
            out.writeLong(entry.getKey().sequence());
            out.writeBoolean(entry.getValue().pinned());
            out.writeLong(entry.getValue().time().value());
            out.writeUTF(entry.getValue().origin().value());
            out.writeLong(entry.getValue().sequence());
        }
    }

    void read(DataInput in) throws IOException {
        for (int left = in.readInt(); left > 0; left--) {
            words.put(
                    new Key(new Origin(in.readUTF()), in.readLong()),
                    new Word(in.readBoolean(), new HybridTime(in.readLong()), new Origin(in.readUTF()), in.readLong()));
        }
    }
}
