package ai.postdev.dragon.model.serve;

import ai.postdev.dragon.model.catalogue.InstalledModel;
import ai.postdev.dragon.model.catalogue.Manifest;
import ai.postdev.dragon.model.catalogue.StoreAccess;
import ai.postdev.dragon.model.engine.EngineFault;
import ai.postdev.dragon.model.engine.EngineSetting;
import ai.postdev.dragon.model.engine.LoadRequest;
import ai.postdev.dragon.model.engine.MlxInference;
import ai.postdev.dragon.model.ledger.Footprint;
import ai.postdev.dragon.model.ledger.Installed;
import ai.postdev.dragon.model.worker.Engines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Looks models up where they lie and plans their loads. Any thread; reads files, so never an actor's. */
final class Finder {
    private final StoreAccess store;
    private final ServeSettings settings;

    Finder(StoreAccess store, ServeSettings settings) {
        this.store = store;
        this.settings = settings;
    }

    /**
     * A model, and how it would be loaded.
     *
     * @throws IOException with what to do if it is not here or damaged
     * @throws EngineFault with the reason of each engine if none runs it
     */
    Loadable find(String name) throws IOException, EngineFault {
        InstalledModel model = store.store().ready(name);
        Manifest manifest = model.manifest();
        String engine = Engines.of(manifest, settings.engine()).orFault();
        Optional<Path> file = manifest.builtIn() ? Optional.empty() : Optional.of(model.file());
        Optional<LoadRequest> request = manifest.kind() == Manifest.Kind.EMBEDDING
                ? Optional.empty()
                : file.map(weights -> new LoadRequest(
                        weights, context(manifest), settings.sequences(), settings.threads(), settings.tuning()));
        return new Loadable(
                engine,
                request,
                peak(manifest),
                file.map(Path::toString).orElse(name) + " of " + manifest.pulled(),
                texts().stream()
                        .map(other -> new Installed(
                                other.name().value(), peak(other.manifest()).total()))
                        .toList());
    }

    /** The engine that the person wants. */
    EngineSetting engine() {
        return settings.engine();
    }

    /** What is written down of a model, whether an engine runs it or not. */
    InstalledModel model(String name) throws IOException {
        return store.store().ready(name);
    }

    /** All models here that write text. */
    List<InstalledModel> texts() throws IOException {
        return store.store().list().stream()
                .filter(model -> model.manifest().kind() == Manifest.Kind.TEXT
                        && !model.manifest().builtIn())
                .toList();
    }

    /** Tokens of one request: what the settings say, but never more than the model was trained for. */
    int context(Manifest manifest) {
        long trained = manifest.facts().contextTokens();
        return trained > 0 ? (int) Math.min(trained, settings.context()) : settings.context();
    }

    /**
     * With every sequence at its longest. MLX here computes with floats of 32 bits, whatever the file holds, and keeps
     * beginnings of prompts. An embedder has no process of its own.
     */
    Footprint peak(Manifest manifest) {
        Manifest.Memory memory = manifest.memory();
        if (manifest.kind() == Manifest.Kind.EMBEDDING) {
            return new Footprint(memory.weightBytes(), 0, 0, memory.overheadBytes());
        }
        long tokens = Math.multiplyExact((long) context(manifest), settings.sequences());
        long kv = Math.multiplyExact(memory.kvBytesPerToken(), tokens);
        long scratch = memory.overheadBytes() + settings.workerBytes();
        boolean mlx = Engines.of(manifest, settings.engine())
                .engine()
                .filter(MlxInference.NAME::equals)
                .isPresent();
        return mlx
                ? new Footprint(
                        Math.max(
                                memory.weightBytes(),
                                Math.multiplyExact(manifest.facts().parameters(), (long) Float.BYTES)),
                        2 * kv,
                        settings.tuning().prefixBytesMax(),
                        scratch)
                : new Footprint(memory.weightBytes(), kv, 0, scratch);
    }
}
