package ai.postdev.dragon.lake.vector;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.dragon.lake.StoreEngine;
import ai.postdev.dragon.lake.column.SeenSequences;
import ai.postdev.dragon.lake.column.SnapshotFrames;
import java.io.DataInput;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Folds embeddings into one index for each model. What is known is a set that only grows: the first embedding of a
 * (content, model) stays, so the order in which replicas hear of embeddings does not matter. Which of them are in memory
 * is each node's own matter, as with texts: at the bound, those leave whose content no document holds, the one superseded
 * first before the others; documents' own never leave for another's. What left is in the journal, and {@link #restore}
 * takes it in again.
 */
public final class VectorEngine implements StoreEngine<VectorView> {
    static final int FORMAT = 4;
    /** The last that told how many embeddings come before they came. */
    static final int FORMAT_OF_ONE_GROUP = 3;

    private static final String STORE = "vector";
    /** Megabytes, about, written anew in one go when memory is to be given back; between two goes other work has its turn. */
    private static final int LOWERED_AT_ONCE = 8;

    /** The model by which searches go, and since when. */
    private record Served(String model, HybridTime time) {}

    private final VectorSettings settings;
    private final IntFunction<VectorIndex> indexes;
    private final Supersession supersession;
    private final VectorMemory memory;
    private final Evictions evictions;
    private SeenSequences seen = new SeenSequences();
    private Map<String, ModelVectors> models = new LinkedHashMap<>();
    /** Not part of a snapshot: it decides only what of earlier operations is in memory, and those are in the snapshot. */
    private Optional<Served> served = Optional.empty();

    private int held;
    /** Embeddings that documents want and that found no room, as far as is known. */
    private long lacking;
    /** Embeddings of a model beyond the bound, or of other dimensions than their model's. */
    private long misfits;

    /** An engine that may take all the memory that its settings allow. */
    public VectorEngine(VectorSettings settings, Supersession supersession) {
        this(settings, supersession, VectorMemory.UNBOUNDED);
    }

    /**
     * An empty engine that looks at every vector while there are few and is partitioned in the background beyond.
     *
     * @param supersession decides what may leave memory when it is full
     * @param memory asked for more; where it does not allow it, embeddings are kept less exactly to make room
     */
    public VectorEngine(VectorSettings settings, Supersession supersession, VectorMemory memory) {
        this(
                settings,
                supersession,
                memory,
                dimensions -> new PartitionedVectorIndex(
                        dimensions,
                        VectorKernels.best(),
                        settings.partition(),
                        VectorBuilds.EXECUTOR,
                        VectorBuilds.CHECKS));
    }

    /**
     * An empty engine.
     *
     * @param indexes makes the index for vectors of so many dimensions
     */
    public VectorEngine(
            VectorSettings settings, Supersession supersession, VectorMemory memory, IntFunction<VectorIndex> indexes) {
        this.settings = settings;
        this.memory = memory;
        this.indexes = indexes;
        this.supersession = supersession;
        this.evictions = new Evictions(supersession);
    }

    @Override
    public void apply(Operation operation) {
        if (operation.body() instanceof Body.SetSetting set && set.key().equals(LakeProtocol.EMBEDDING_MODEL)) {
            onServed(operation, set.value());
            return;
        }
        if (!(operation.body() instanceof Body.PutEmbedding put)
                || put.vector().length == 0
                || !seen.first(operation)) {
            return;
        }
        ModelVectors model = models.get(put.model());
        if (model == null) {
            if (models.size() >= settings.modelsMax()) {
                forgetOne();
            }
            if (models.size() >= settings.modelsMax()) {
                misfits++;
                return;
            }
            model = new ModelVectors(indexes.apply(put.vector().length));
            models.put(put.model(), model);
        }
        // A vector of other dimensions under the same model name is another model; it would poison every score.
        if (put.vector().length != model.index.dimensions()) {
            misfits += model.known(put.hash(), model.index.size()) < 0 ? 1 : 0;
            return;
        }
        boolean fresh = model.known(put.hash(), model.index.size()) < 0;
        if (isReplaced(operation, put.model())) {
            if (fresh) {
                model.addAbsent(put.hash(), ModelVectors.place(operation));
            }
        } else if (!take(model, operation, put) && fresh) {
            model.addAbsent(put.hash(), ModelVectors.place(operation));
            lacking += supersession.supersededAt(put.hash()) == Supersession.HELD ? 1 : 0;
        }
        forgetIfTooMany();
    }

    /** Searches go by another model from now on: of the others nothing stays in memory but where the journal has them. */
    private void onServed(Operation operation, String model) {
        boolean older = served.filter(known -> known.time().compareTo(operation.time()) >= 0)
                .isPresent();
        if (older || model.isBlank()) {
            return;
        }
        served = Optional.of(new Served(model, operation.time()));
        models.replaceAll((name, vectors) -> name.equals(model) || vectors.index.live() == 0
                ? vectors
                : vectors.knownOnly(indexes.apply(vectors.index.dimensions())));
        held = models.values().stream()
                .mapToInt(vectors -> vectors.index.live())
                .sum();
        evictions.clear();
        memory.holds(memoryBytes());
    }

    /** Whether the embedding was made before its model was replaced by another. */
    private boolean isReplaced(Operation operation, String model) {
        return served.filter(known ->
                        !known.model().equals(model) && operation.time().compareTo(known.time()) < 0)
                .isPresent();
    }

    /** A model that has nothing in memory makes room for another; if it comes back it is embedded by again. */
    private void forgetOne() {
        models.entrySet().stream()
                .filter(entry -> entry.getValue().index.live() == 0)
                .map(Map.Entry::getKey)
                .findFirst()
                .ifPresent(models::remove);
        evictions.clear();
    }

    @Override
    public void restore(List<Operation> operations, long wanted) {
        lacking = wanted;
        for (Operation operation : operations) {
            if (operation.body() instanceof Body.PutEmbedding put) {
                ModelVectors model = models.get(put.model());
                boolean fits = model != null && model.index.dimensions() == put.vector().length;
                if (fits && take(model, operation, put)) {
                    lacking = Math.max(0, lacking - 1);
                }
            }
        }
        forgetIfTooMany();
    }

    /** Whether the embedding is in memory now. */
    private boolean take(ModelVectors model, Operation operation, Body.PutEmbedding put) {
        if (model.ordinal(put.hash(), model.index.size()) >= 0) {
            return true;
        }
        if ((held == settings.vectorsMax() || !fits(model, models)) && !makeRoom()) {
            return false;
        }
        model.add(put.hash(), ModelVectors.place(operation), unit(put.vector()));
        held++;
        return true;
    }

    /** Whether memory allows one more, if need be after others are kept less exactly: that gives back more than it takes. */
    private boolean fits(ModelVectors model, Map<String, ModelVectors> all) {
        long growth = model.index.growth();
        if (growth > 0) {
            memory.holds(memoryBytes(all));
        }
        return growth == 0 || memory.allows(growth) || lowerOne(all);
    }

    /** Keeps some embeddings less exactly: of the most exact precision first, whatever the model. */
    private static boolean lowerOne(Map<String, ModelVectors> all) {
        for (Optional<Precision> step = Precision.FLOAT.lower();
                step.isPresent();
                step = step.get().lower()) {
            for (ModelVectors model : all.values()) {
                if (model.index.lower(step.get())) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public boolean shrink(long bytes) {
        for (int slab = 0; slab < LOWERED_AT_ONCE && memoryBytes() > bytes; slab++) {
            if (!lowerOne(models)) {
                return false;
            }
        }
        return memoryBytes() > bytes;
    }

    @Override
    public void refine(List<Operation> operations) {
        Map<ModelVectors, Map<Integer, float[]>> exact = new LinkedHashMap<>();
        for (Operation operation : operations) {
            if (operation.body() instanceof Body.PutEmbedding put && models.containsKey(put.model())) {
                ModelVectors model = models.get(put.model());
                int ordinal = model.ordinal(put.hash(), model.index.size());
                if (ordinal >= 0 && put.vector().length == model.index.dimensions()) {
                    exact.computeIfAbsent(model, _ -> new HashMap<>()).put(ordinal, unit(put.vector()));
                }
            }
        }
        exact.forEach((model, vectors) -> model.index.raise(vectors));
    }

    private boolean makeRoom() {
        Optional<Evictions.Superseded> gone = evictions.next(models.values());
        gone.ifPresent(each -> {
            each.model().index.remove(each.ordinal());
            held--;
        });
        return gone.isPresent();
    }

    /** What is known of embeddings out of memory takes memory too. Those forgotten here are embedded again if need be. */
    private void forgetIfTooMany() {
        long known =
                models.values().stream().mapToLong(model -> model.index.size()).sum();
        if (known >= settings.knownMax()) {
            models.replaceAll((_, model) -> model.inMemoryOnly(indexes.apply(model.index.dimensions())));
            evictions.clear();
        }
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
        boolean full = held == settings.vectorsMax() && evictions.foundNone(models.values());
        return new VectorView(views, lacking, misfits, full, memoryBytes(), kept());
    }

    private VectorView.Kept kept() {
        Map<Precision, Integer> counts = new EnumMap<>(Precision.class);
        long givable = 0;
        long missing = 0;
        for (ModelVectors model : models.values()) {
            model.index.kept().forEach((precision, count) -> counts.merge(precision, count, Integer::sum));
            givable += model.index.givableBytes();
            missing += model.index.missingBytes();
        }
        return new VectorView.Kept(counts, givable, missing);
    }

    private long memoryBytes() {
        return memoryBytes(models);
    }

    private static long memoryBytes(Map<String, ModelVectors> all) {
        return all.values().stream().mapToLong(ModelVectors::memoryBytes).sum();
    }

    @Override
    public Frozen freeze() {
        VersionVector folded = seen.vector();
        long lackingNow = lacking;
        long misfitsNow = misfits;
        Map<String, ModelVectors> all = new LinkedHashMap<>(models);
        Map<String, FrozenVectors> frozen = new LinkedHashMap<>();
        all.forEach((name, model) -> frozen.put(name, model.freeze()));
        return out -> SnapshotFrames.write(STORE, FORMAT, out, data -> {
            SeenSequences.write(folded, data);
            data.writeLong(lackingNow);
            data.writeLong(misfitsNow);
            data.writeInt(frozen.size());
            for (Map.Entry<String, FrozenVectors> entry : frozen.entrySet()) {
                data.writeUTF(entry.getKey());
                data.writeInt(all.get(entry.getKey()).index.dimensions());
                entry.getValue().write(data);
            }
        });
    }

    @Override
    public void readSnapshot(DataInput in) throws IOException {
        Map<String, ModelVectors> read = new LinkedHashMap<>();
        SeenSequences readSeen = new SeenSequences();
        long[] counts = new long[3];
        SnapshotFrames.read(STORE, FORMAT_OF_ONE_GROUP, FORMAT, in, (version, data) -> {
            readSeen.read(data);
            counts[0] = data.readLong();
            counts[1] = data.readLong();
            int count = data.readInt();
            for (int i = 0; i < count; i++) {
                String name = data.readUTF();
                ModelVectors model = new ModelVectors(indexes.apply(data.readInt()));
                read.put(name, model);
                model.read(data, version > FORMAT_OF_ONE_GROUP, () -> fits(model, read));
                counts[2] += model.index.live();
            }
        });
        seen = readSeen;
        models = read;
        lacking = counts[0];
        misfits = counts[1];
        held = (int) counts[2];
        evictions.clear();
    }

    @Override
    public void close() {
        models = new LinkedHashMap<>();
        memory.holds(0);
    }
}
