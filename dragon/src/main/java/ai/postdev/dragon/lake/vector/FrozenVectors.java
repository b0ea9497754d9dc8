package ai.postdev.dragon.lake.vector;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Origin;
import ai.postdev.dragon.lake.column.Slots;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The embeddings of one model at a moment, written on any thread while the model goes on. Which are in memory may change
 * meanwhile: one that left, or is kept less exactly by the time it is written, is written as known only. It is in the
 * journal, and what is missing is taken in again from there.
 */
final class FrozenVectors {
    /** Embeddings that are read before how many they are is written. */
    private static final int GROUP = 64;

    private final ModelVectors model;
    private final VectorIndex.Reader reader;
    private final Slots.Fixed slots;
    private final Origin[] origins;

    /** @param slots which ordinals a content has, as of the moment of {@code reader} */
    FrozenVectors(ModelVectors model, VectorIndex.Reader reader, Slots.Fixed slots, Origin[] origins) {
        this.model = model;
        this.reader = reader;
        this.slots = slots;
        this.origins = origins;
    }

    /** Those in memory with their vectors, the least exact first, then those that are only known. */
    void write(DataOutput out) throws IOException {
        out.writeInt(origins.length);
        for (Origin origin : origins) {
            out.writeUTF(origin.value());
        }
        List<Integer> absent = new ArrayList<>();
        Map<Precision, List<Integer>> held = new EnumMap<>(Precision.class);
        for (int ordinal = 0; ordinal < reader.size(); ordinal++) {
            look(ordinal, held, absent);
        }
        for (Precision precision : ModelVectors.LEAST_EXACT_FIRST) {
            List<Integer> ordinals = held.getOrDefault(precision, List.of());
            for (int from = 0; from < ordinals.size(); from += GROUP) {
                group(precision, ordinals.subList(from, Math.min(ordinals.size(), from + GROUP)), absent, out);
            }
            out.writeInt(0);
        }
        out.writeInt(absent.size());
        for (int ordinal : absent) {
            model.writeKnown(ordinal, out);
        }
        if (!absent.isEmpty()) {
            out.writeInt(0);
        }
    }

    /** Notes each content once, at the first of its ordinals: under the one that is in memory, else under this one. */
    private void look(int ordinal, Map<Precision, List<Integer>> held, List<Integer> absent) {
        ContentHash hash = model.hash(ordinal);
        int bound = reader.size();
        if (slots.find(hash.hashCode(), bound, each -> model.isOf(each, hash)) != ordinal) {
            return;
        }
        int inMemory = slots.find(hash.hashCode(), bound, each -> model.isOf(each, hash) && reader.holds(each));
        if (inMemory < 0) {
            absent.add(ordinal);
        } else {
            held.computeIfAbsent(model.rowPrecision(inMemory), _ -> new ArrayList<>())
                    .add(inMemory);
        }
    }

    private void group(Precision precision, List<Integer> ordinals, List<Integer> absent, DataOutput out)
            throws IOException {
        List<Integer> there = new ArrayList<>(ordinals.size());
        List<float[]> vectors = new ArrayList<>(ordinals.size());
        for (int ordinal : ordinals) {
            float[] vector = reader.vectorOrNull(ordinal);
            if (vector == null || model.rowPrecision(ordinal).compareTo(precision) > 0) {
                absent.add(ordinal);
            } else {
                there.add(ordinal);
                vectors.add(vector);
            }
        }
        if (there.isEmpty()) {
            return; // an empty group ends them
        }
        out.writeInt(there.size());
        ByteBuffer bytes =
                ByteBuffer.allocate(vectors.getFirst().length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < there.size(); i++) {
            model.writeKnown(there.get(i), out);
            bytes.clear().asFloatBuffer().put(vectors.get(i));
            out.write(bytes.array());
        }
    }
}
