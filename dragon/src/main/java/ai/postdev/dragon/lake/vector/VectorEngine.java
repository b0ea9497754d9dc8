package ai.postdev.dragon.lake.vector;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.Operation;
import ai.postdev.dragon.lake.StoreEngine;
import ai.postdev.dragon.lake.column.SeenSequences;
import ai.postdev.dragon.lake.column.SnapshotFrames;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Folds embeddings into one index for each model. The first embedding of a (content, model) stays: the set only grows,
 * so the order in which replicas hear of embeddings does not matter. Embeddings beyond the bound are not held in memory
 * but remain in the journal; the view then says so.
 */
public final class VectorEngine implements StoreEngine<VectorView> {
    static final int FORMAT = 1;
    private static final String STORE = "vector";

    private final VectorSettings settings;
    private final IntFunction<VectorIndex> indexes;
    private SeenSequences seen = new SeenSequences();
    private Map<String, ModelVectors> models = new LinkedHashMap<>();
    private int held;
    private long beyondBound;

    /** An empty engine that looks at every vector while there are few and is partitioned in the background beyond. */
    public VectorEngine(VectorSettings settings) {
        this(
                settings,
                dimensions -> new PartitionedVectorIndex(
                        dimensions, VectorKernels.best(), settings.partition(), VectorBuilds.EXECUTOR));
    }

    /**
     * An empty engine.
     *
     * @param indexes makes the index for vectors of so many dimensions
     */
    public VectorEngine(VectorSettings settings, IntFunction<VectorIndex> indexes) {
        this.settings = settings;
        this.indexes = indexes;
    }

    @Override
    public void apply(Operation operation) {
        if (!(operation.body() instanceof Body.PutEmbedding put)
                || put.vector().length == 0
                || !seen.first(operation)) {
            return;
        }
        ModelVectors model = models.get(put.model());
        if (model == null) {
            if (models.size() == settings.modelsMax()) {
                beyondBound++;
                return;
            }
            model = new ModelVectors(indexes.apply(put.vector().length));
            models.put(put.model(), model);
        }
        if (model.ordinal(put.hash(), model.index.size()) >= 0) {
            return;
        }
        // A vector of other dimensions under the same model name is another model; it would poison every score.
        if (held == settings.vectorsMax() || put.vector().length != model.index.dimensions()) {
            beyondBound++;
            return;
        }
        model.add(put.hash(), unit(put.vector()));
        held++;
    }

    /** A copy of unit length; the zero vector stays zero and is near to nothing. */
    static float[] unit(float[] vector) {
        double squares = 0;
        for (float x : vector) {
            squares += (double) x * x;
        }
        float[] unit = vector.clone();
        if (squares > 0 && Double.isFinite(squares)) {
            float scale = (float) (1 / Math.sqrt(squares));
            for (int i = 0; i < unit.length; i++) {
                unit[i] *= scale;
            }
        } else {
            Arrays.fill(unit, 0);
        }
        return unit;
    }

    @Override
    public VectorView view() {
        Map<String, VectorView.ModelView> views = new LinkedHashMap<>();
        models.forEach((name, model) -> views.put(name, model.view()));
        return new VectorView(views, beyondBound, memoryBytes());
    }

    private long memoryBytes() {
        return models.values().stream().mapToLong(ModelVectors::memoryBytes).sum();
    }

    @Override
    public void writeSnapshot(DataOutput out) throws IOException {
        SnapshotFrames.write(STORE, FORMAT, out, data -> {
            seen.write(data);
            data.writeLong(beyondBound);
            data.writeInt(models.size());
            for (Map.Entry<String, ModelVectors> entry : models.entrySet()) {
                data.writeUTF(entry.getKey());
                data.writeInt(entry.getValue().index.dimensions());
                entry.getValue().write(data);
            }
        });
    }

    @Override
    public void readSnapshot(DataInput in) throws IOException {
        Map<String, ModelVectors> read = new LinkedHashMap<>();
        SeenSequences readSeen = new SeenSequences();
        long[] counts = new long[2];
        SnapshotFrames.read(STORE, FORMAT, in, data -> {
            readSeen.read(data);
            counts[0] = data.readLong();
            int count = data.readInt();
            for (int i = 0; i < count; i++) {
                String name = data.readUTF();
                ModelVectors model = new ModelVectors(indexes.apply(data.readInt()));
                model.read(data);
                counts[1] += model.index.size();
                read.put(name, model);
            }
        });
        seen = readSeen;
        models = read;
        beyondBound = counts[0];
        held = (int) counts[1];
    }

    @Override
    public void close() {
        models = new LinkedHashMap<>();
    }
}
