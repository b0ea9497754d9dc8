package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.cluster.PrivateFiles;
import ai.postdev.cluster.SafeFiles;
import ai.postdev.dragon.model.catalogue.Manifest.StoredFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The folder that keeps a node's models: one folder for each, with its files and {@code manifest.json}. A model is there
 * whole or not at all: a pull writes in a room under {@code .pull}, and the last step is a rename. What a process that
 * was killed left behind is finished, kept to be gone on from, or removed when the store is opened. One process; any
 * thread; blocks.
 */
public final class ModelStore {
    static final String MANIFEST = "manifest.json";
    private static final String PULLS = ".pull";
    private static final String TRASH = ".trash";

    private final Path folder;
    private final CatalogueSettings settings;
    private final UsageProbe usage;
    private final DiskSpace space;
    private final Set<ModelName> claimed = new HashSet<>();
    private long trashed;

    /**
     * Opens the store, made if it is not there, and cleans up after a process that was killed.
     *
     * @throws IOException if the folder cannot be written
     */
    public static ModelStore open(Path folder, CatalogueSettings settings, UsageProbe usage) throws IOException {
        return open(folder, settings, usage, DiskSpace.OF_SYSTEM);
    }

    static ModelStore open(Path folder, CatalogueSettings settings, UsageProbe usage, DiskSpace space)
            throws IOException {
        ModelStore store = new ModelStore(folder.toAbsolutePath().normalize(), settings, usage, space);
        store.recover();
        return store;
    }

    private ModelStore(Path folder, CatalogueSettings settings, UsageProbe usage, DiskSpace space) {
        this.folder = folder;
        this.settings = settings;
        this.usage = usage;
        this.space = space;
    }

    private Path pulls() {
        return folder.resolve(PULLS);
    }

    private Path trash() {
        return folder.resolve(TRASH);
    }

    private synchronized void recover() throws IOException {
        PrivateFiles.directory(folder);
        FolderTree.delete(trash());
        PrivateFiles.directory(trash());
        PrivateFiles.directory(pulls());
        SafeFiles.syncFolder(folder);
        for (Path room : below(pulls())) {
            if (ModelName.isName(room.getFileName().toString())
                    && Files.exists(room.resolve(MANIFEST))
                    && isWhole(room)) {
                swap(room, new ModelName(room.getFileName().toString()));
            } else if (!PullRoom.isWorthKeeping(room, settings.partialKeep())) {
                FolderTree.delete(room);
            }
        }
    }

    private static boolean isWhole(Path room) throws IOException {
        Manifest manifest;
        try {
            manifest = ManifestText.read(
                    Files.readString(room.resolve(MANIFEST)),
                    room.resolve(MANIFEST).toString());
        } catch (CatalogueRefused e) {
            return false; // another version's, or damaged: then it is pulled again
        }
        for (StoredFile file : manifest.files()) {
            Path path = room.resolve(file.name());
            if (!Files.isRegularFile(path) || Files.size(path) != file.bytes()) {
                return false;
            }
        }
        return true;
    }

    private static List<Path> below(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }

    private List<ModelName> names() throws IOException {
        return below(folder).stream()
                .map(path -> path.getFileName().toString())
                .filter(ModelName::isName)
                .map(ModelName::new)
                .toList();
    }

    /** All models that are whole, by name, those that are built in among them. */
    public synchronized List<InstalledModel> list() throws IOException {
        List<InstalledModel> all = new ArrayList<>();
        BuiltIns.ALL.forEach(manifest -> all.add(new InstalledModel(manifest, folder)));
        for (ModelName name : names()) {
            try {
                onDisk(name).ifPresent(all::add);
            } catch (CatalogueRefused e) {
                continue; // findings() says it
            }
        }
        all.sort((a, b) -> a.name().compareTo(b.name()));
        return all;
    }

    /** What is wrong with folders that should hold a model, and what to do. */
    public synchronized List<String> findings() throws IOException {
        List<String> findings = new ArrayList<>();
        for (ModelName name : names()) {
            try {
                if (onDisk(name).isEmpty()) {
                    findings.add(folder.resolve(name.value()) + " holds no " + MANIFEST + "; " + again(name));
                }
            } catch (CatalogueRefused e) {
                findings.add(e.getMessage());
            }
        }
        return findings;
    }

    /**
     * The model of that name; empty: there is none.
     *
     * @throws CatalogueRefused if its manifest is damaged, or {@code name} cannot be one
     */
    public synchronized Optional<InstalledModel> find(String name) throws IOException {
        ModelName asked = ModelName.parse(name);
        Optional<Manifest> builtIn = BuiltIns.find(asked);
        return builtIn.isPresent() ? builtIn.map(manifest -> new InstalledModel(manifest, folder)) : onDisk(asked);
    }

    private Optional<InstalledModel> onDisk(ModelName name) throws IOException {
        Path place = folder.resolve(name.value());
        Path file = place.resolve(MANIFEST);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            Manifest manifest = ManifestText.read(Files.readString(file), file.toString());
            if (!manifest.name().equals(name)) {
                throw new CatalogueRefused(
                        Reply.Reason.PRECONDITION, file + " is the manifest of '" + manifest.name() + "'");
            }
            return Optional.of(new InstalledModel(manifest, place));
        } catch (CatalogueRefused e) {
            throw new CatalogueRefused(Reply.Reason.PRECONDITION, e.getMessage() + "; " + again(name), e);
        }
    }

    /**
     * The model of that name, to be loaded now: its files have their sizes, and those that were touched since the model
     * came here, or all if the settings ask for it, still have their hashes.
     *
     * @throws CatalogueRefused if there is none, or a file is damaged: with what to do
     */
    public InstalledModel ready(String name) throws IOException {
        InstalledModel model = find(name).orElseThrow(() -> absent(name));
        List<String> damages = new Check(model, settings.hashAtLoad()).run(PullProgress.NONE, new Cancellation());
        if (!damages.isEmpty()) {
            throw new CatalogueRefused(
                    Reply.Reason.PRECONDITION,
                    "model " + model.name() + " is damaged: " + String.join("; ", damages) + "; "
                            + again(model.name()));
        }
        return model;
    }

    /**
     * Computes the hashes of all files of a model.
     *
     * @return what is wrong, one line for each file; empty: nothing
     */
    public List<String> verify(String name, PullProgress progress, Cancellation cancellation) throws IOException {
        InstalledModel model = find(name).orElseThrow(() -> absent(name));
        return new Check(model, true).run(progress, cancellation);
    }

    static CatalogueRefused absent(String name) {
        return new CatalogueRefused(
                Reply.Reason.NOT_FOUND,
                "no model '" + name + "' is on this node; see what is, and what can be pulled: postdevai models list");
    }

    private static String again(ModelName name) {
        return "remove it with: postdevai models rm " + name + ", and pull it again";
    }

    /**
     * Removes a model.
     *
     * @return bytes that its files took
     * @throws CatalogueRefused if there is none, it is built in, or in use
     */
    public long remove(String name) throws IOException {
        ModelName asked = ModelName.parse(name);
        Path gone;
        synchronized (this) {
            if (BuiltIns.find(asked).isPresent()) {
                throw new CatalogueRefused(
                        Reply.Reason.PRECONDITION, asked + " comes with PostDevAI and cannot be removed");
            }
            Path place = folder.resolve(asked.value());
            if (!Files.isDirectory(place)) {
                throw absent(name);
            }
            refuseIfUsed(asked);
            gone = aside(place);
        }
        long bytes = FolderTree.bytes(gone);
        FolderTree.delete(gone);
        return bytes;
    }

    private void refuseIfUsed(ModelName name) throws CatalogueRefused {
        Optional<String> user = usage.userOf(name);
        if (user.isPresent()) {
            throw new CatalogueRefused(
                    Reply.Reason.PRECONDITION,
                    "model " + name + " is in use by " + user.get() + "; unload it first: postdevai models unload "
                            + name);
        }
    }

    private Path aside(Path place) throws IOException {
        Path gone = trash().resolve(place.getFileName() + "." + trashed++);
        FolderTree.delete(gone);
        Files.move(place, gone, StandardCopyOption.ATOMIC_MOVE);
        SafeFiles.syncFolder(folder);
        SafeFiles.syncFolder(trash());
        return gone;
    }

    /**
     * Makes room for a pull, or gives back the one of a pull that was cut.
     *
     * @throws CatalogueRefused if another pull of that name runs, the name is of a built-in model, or the model is in use
     */
    PullRoom room(ModelName name) throws IOException {
        synchronized (this) {
            if (BuiltIns.find(name).isPresent()) {
                throw new CatalogueRefused(
                        Reply.Reason.PRECONDITION, name + " comes with PostDevAI: there is nothing to pull");
            }
            refuseIfUsed(name);
            if (!claimed.add(name)) {
                throw new CatalogueRefused(
                        Reply.Reason.OVERLOADED, "model " + name + " is being pulled already; wait until that is done");
            }
        }
        try {
            PrivateFiles.directory(pulls().resolve(name.value()));
            return new PullRoom(name, pulls().resolve(name.value()), () -> release(name));
        } catch (IOException | RuntimeException e) {
            release(name);
            throw e;
        }
    }

    private synchronized void release(ModelName name) {
        claimed.remove(name);
    }

    /**
     * Asks the disk for so many bytes, which nobody reserves: another one may take them.
     *
     * @throws CatalogueRefused if they are not there, with the figures, or if no model may be so large
     */
    void requireSpace(String what, long bytes) throws IOException {
        if (bytes > settings.bytesMax()) {
            throw new CatalogueRefused(
                    Reply.Reason.PRECONDITION,
                    what + " has " + bytes + " bytes, postdevai.models.catalogue.bytes-max allows "
                            + settings.bytesMax());
        }
        long usable = space.usable(folder);
        if (usable - settings.diskFreeMin() < bytes) {
            throw new CatalogueRefused(
                    Reply.Reason.PRECONDITION,
                    what + " needs " + bytes + " bytes on the disk of " + folder + ", and "
                            + settings.diskFreeMin() + " must stay free (postdevai.models.catalogue.disk-free-min): "
                            + usable + " are free; make room, for example with: postdevai models rm");
        }
    }

    /** Bytes that are free on the disk of the store. */
    long diskFree() throws IOException {
        return space.usable(folder);
    }

    /** Puts what lies in a room in the model's place, in one step that a crash does not halve. */
    InstalledModel adopt(PullRoom room, Manifest manifest) throws IOException {
        for (StoredFile file : manifest.files()) {
            sync(room.folder().resolve(file.name()));
        }
        room.keepOnly(manifest.files().stream().map(StoredFile::name).toList());
        SafeFiles.syncFolder(room.folder());
        synchronized (this) {
            refuseIfUsed(manifest.name());
            SafeFiles.write(room.folder().resolve(MANIFEST), ManifestText.of(manifest));
            swap(room.folder(), manifest.name());
        }
        return new InstalledModel(manifest, folder.resolve(manifest.name().value()));
    }

    /** Has the disk keep a file that may be read only, as one that was linked can be. */
    private static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private void swap(Path room, ModelName name) throws IOException {
        Path place = folder.resolve(name.value());
        Optional<Path> old = Files.exists(place) ? Optional.of(aside(place)) : Optional.empty();
        Files.move(room, place, StandardCopyOption.ATOMIC_MOVE);
        SafeFiles.syncFolder(folder);
        SafeFiles.syncFolder(pulls());
        if (old.isPresent()) {
            FolderTree.delete(old.get());
        }
    }
}
