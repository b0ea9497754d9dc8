package ai.postdev.dragon.lake.vector;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.dragon.lake.column.LongColumn;
import ai.postdev.dragon.lake.column.Slots;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The embeddings of one model: an index by nearness and one by hash. One writer, readers on any thread. */
final class ModelVectors {
    private static final int WORDS = 4;

    final VectorIndex index;
    private final LongColumn hashes = new LongColumn();
    private final Slots slots = new Slots(ordinal -> Long.hashCode(hashes.get(ordinal * WORDS)));

    ModelVectors(VectorIndex index) {
        this.index = index;
    }

    void add(ContentHash hash, float[] unit) {
        int ordinal = index.add(unit);
        hashes.append(hash.a());
        hashes.append(hash.b());
        hashes.append(hash.c());
        hashes.append(hash.d());
        slots.add(hash.hashCode(), ordinal);
    }

    int ordinal(ContentHash hash, int bound) {
        return slots.find(hash.hashCode(), bound, ordinal -> {
            int row = ordinal * WORDS;
            return hashes.get(row) == hash.a()
                    && hashes.get(row + 1) == hash.b()
                    && hashes.get(row + 2) == hash.c()
                    && hashes.get(row + 3) == hash.d();
        });
    }

    ContentHash hash(int ordinal) {
        int row = ordinal * WORDS;
        return new ContentHash(hashes.get(row), hashes.get(row + 1), hashes.get(row + 2), hashes.get(row + 3));
    }

    VectorView.ModelView view() {
        return new VectorView.ModelView(this, index.reader());
    }

    void write(DataOutput out) throws IOException {
        VectorIndex.Reader reader = index.reader();
        out.writeInt(reader.size());
        ByteBuffer bytes = ByteBuffer.allocate(index.dimensions() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int ordinal = 0; ordinal < reader.size(); ordinal++) {
            out.write(hash(ordinal).toBytes());
            bytes.clear().asFloatBuffer().put(reader.vector(ordinal));
            out.write(bytes.array());
        }
    }

    void read(DataInput in) throws IOException {
        int count = in.readInt();
        byte[] hash = new byte[ContentHash.BYTES];
        float[] vector = new float[index.dimensions()];
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            in.readFully(hash);
            in.readFully(bytes.array());
            bytes.clear().asFloatBuffer().get(vector);
            add(ContentHash.fromBytes(hash), vector);
        }
    }

    long memoryBytes() {
        return index.memoryBytes() + hashes.memoryBytes() + slots.memoryBytes();
    }
}
