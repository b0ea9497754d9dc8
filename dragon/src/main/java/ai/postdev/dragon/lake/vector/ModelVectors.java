package ai.postdev.dragon.lake.vector;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.dragon.lake.column.IntColumn;
import ai.postdev.dragon.lake.column.LongColumn;
import ai.postdev.dragon.lake.column.Slots;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The embeddings of one model: which contents have one, where the journal has it, and for those in memory an index by
 * nearness. An ordinal stands for one embedding; one that left memory keeps its ordinal and its place in the journal, and
 * comes back under another ordinal. One writer, readers on any thread.
 */
final class ModelVectors {
    private static final int WORDS = 4;
    static final List<Precision> LEAST_EXACT_FIRST = List.of(Precision.NIBBLE, Precision.BYTE, Precision.FLOAT);

    final VectorIndex index;
    private final LongColumn hashes = new LongColumn();
    private final LongColumn sequences = new LongColumn();
    private final IntColumn originOf = new IntColumn();
    private final Slots slots = new Slots(ordinal -> Long.hashCode(hashes.get(ordinal * WORDS)));
    private volatile Origin[] origins = {};

    ModelVectors(VectorIndex index) {
        this.index = index;
    }

    /** Takes an embedding into memory. Writer only. */
    void add(ContentHash hash, VectorView.Place place, float[] unit) {
        note(hash, place, index.add(unit));
    }

    /** Notes an embedding without taking it into memory. Writer only. */
    void addAbsent(ContentHash hash, VectorView.Place place) {
        note(hash, place, index.skip());
    }

    private void note(ContentHash hash, VectorView.Place place, int ordinal) {
        hashes.append(hash.a());
        hashes.append(hash.b());
        hashes.append(hash.c());
        hashes.append(hash.d());
        sequences.append(place.sequence());
        originOf.append(number(place.origin()));
        slots.add(hash.hashCode(), ordinal);
    }

    private int number(Origin origin) {
        Origin[] known = origins;
        for (int i = 0; i < known.length; i++) {
            if (known[i].equals(origin)) {
                return i;
            }
        }
        Origin[] more = Arrays.copyOf(known, known.length + 1);
        more[known.length] = origin;
        origins = more;
        return known.length;
    }

    /** The ordinal below a bound under which the embedding is in memory, or -1. */
    int ordinal(ContentHash hash, int bound) {
        return slots.find(hash.hashCode(), bound, ordinal -> isOf(ordinal, hash) && index.holds(ordinal));
    }

    /** An ordinal below a bound that stands for the embedding, in memory or not, or -1. */
    int known(ContentHash hash, int bound) {
        return slots.find(hash.hashCode(), bound, ordinal -> isOf(ordinal, hash));
    }

    ContentHash hash(int ordinal) {
        int row = ordinal * WORDS;
        return new ContentHash(hashes.get(row), hashes.get(row + 1), hashes.get(row + 2), hashes.get(row + 3));
    }

    /** Where the journal has the embedding. */
    VectorView.Place place(int ordinal) {
        return new VectorView.Place(origins[originOf.get(ordinal)], sequences.get(ordinal));
    }

    static VectorView.Place place(Operation operation) {
        return new VectorView.Place(operation.origin(), operation.sequence());
    }

    VectorView.ModelView view() {
        return new VectorView.ModelView(this, index.reader());
    }

    /**
     * The same embeddings in memory around another, empty index, as exact as they are; of the others nothing is known any
     * more.
     */
    ModelVectors inMemoryOnly(VectorIndex empty) {
        ModelVectors fresh = new ModelVectors(empty);
        VectorIndex.Reader reader = index.reader();
        for (Precision precision : LEAST_EXACT_FIRST) {
            empty.keep(precision);
            for (int ordinal = 0; ordinal < reader.size(); ordinal++) {
                if (index.holds(ordinal) && rowPrecision(ordinal) == precision) {
                    fresh.add(hash(ordinal), place(ordinal), reader.vector(ordinal));
                }
            }
        }
        return fresh;
    }

    /** The same embeddings around another, empty index, each known and none in memory. */
    ModelVectors knownOnly(VectorIndex empty) {
        ModelVectors fresh = new ModelVectors(empty);
        for (int ordinal = 0; ordinal < index.size(); ordinal++) {
            if (index.holds(ordinal) || isOnlyKnown(ordinal)) {
                fresh.addAbsent(hash(ordinal), place(ordinal));
            }
        }
        return fresh;
    }

    /** How exactly an embedding is written anew: where there are no codes yet that do without rows, it needs one. Any thread. */
    Precision rowPrecision(int ordinal) {
        Precision precision = index.precision(ordinal);
        return precision.hasRow() ? precision : Precision.NIBBLE;
    }

    /** What there is now, to be written on any thread. Writer only. */
    FrozenVectors freeze() {
        return new FrozenVectors(this, index.reader(), slots.fixed(), origins);
    }

    /** Whether an ordinal out of memory stands for its embedding: none in memory does, and no lower one. */
    private boolean isOnlyKnown(int ordinal) {
        ContentHash hash = hash(ordinal);
        int bound = index.size();
        return ordinal(hash, bound) < 0 && known(hash, bound) == ordinal;
    }

    /** Whether an ordinal is that of a content. Any thread. */
    boolean isOf(int ordinal, ContentHash hash) {
        int row = ordinal * WORDS;
        return hashes.get(row) == hash.a()
                && hashes.get(row + 1) == hash.b()
                && hashes.get(row + 2) == hash.c()
                && hashes.get(row + 3) == hash.d();
    }

    /** Writes whose embedding an ordinal is and where the journal has it. Any thread. */
    void writeKnown(int ordinal, DataOutput out) throws IOException {
        out.write(hash(ordinal).toBytes());
        out.writeInt(originOf.get(ordinal));
        out.writeLong(sequences.get(ordinal));
    }

    /**
     * Adds what {@link FrozenVectors#write} wrote.
     *
     * @param grouped whether embeddings come in groups, as they do since format 4, or as one
     * @param fits whether memory allows one more; what does not fit is known all the same
     */
    void read(DataInput in, boolean grouped, BooleanSupplier fits) throws IOException {
        Origin[] read = new Origin[in.readInt()];
        for (int i = 0; i < read.length; i++) {
            read[i] = new Origin(in.readUTF());
        }
        byte[] hash = new byte[ContentHash.BYTES];
        float[] vector = new float[index.dimensions()];
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (Precision precision : LEAST_EXACT_FIRST) {
            // The first of the more exact may fill up a less exact slab, which then counts as what it is.
            index.keep(precision);
            groups(in, grouped, () -> {
                in.readFully(hash);
                VectorView.Place place = new VectorView.Place(read[in.readInt()], in.readLong());
                in.readFully(bytes.array());
                bytes.clear().asFloatBuffer().get(vector);
                if (fits.getAsBoolean()) {
                    add(ContentHash.fromBytes(hash), place, vector);
                } else {
                    addAbsent(ContentHash.fromBytes(hash), place);
                }
            });
        }
        groups(in, grouped, () -> {
            in.readFully(hash);
            addAbsent(ContentHash.fromBytes(hash), new VectorView.Place(read[in.readInt()], in.readLong()));
        });
    }

    private interface Entry {
        void read() throws IOException;
    }

    /** Reads groups until an empty one, or the only one. */
    private static void groups(DataInput in, boolean many, Entry each) throws IOException {
        int left;
        do {
            left = in.readInt();
            for (int i = 0; i < left; i++) {
                each.read();
            }
        } while (many && left > 0);
    }

    long memoryBytes() {
        return index.memoryBytes()
                + hashes.memoryBytes()
                + sequences.memoryBytes()
                + originOf.memoryBytes()
                + slots.memoryBytes();
    }
}
