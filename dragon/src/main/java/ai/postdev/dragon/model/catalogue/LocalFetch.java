package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.protocol.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Takes a model from the machine's own disk: by a hard link where that can be, which costs no space, or else by a copy. A
 * folder gives the weights in it and what belongs to them.
 */
final class LocalFetch implements Fetch {
    private static final int FILES_MAX = 256;
    private static final int COPY_STEP = 1 << 20;

    private final ModelStore store;
    private final Path path;

    LocalFetch(ModelStore store, ModelSource.LocalFile source) {
        this.store = store;
        this.path = source.path();
    }

    @Override
    public Fetched run(PullRoom room, PullProgress progress, Cancellation cancellation) throws IOException {
        room.clear();
        List<Path> files = files();
        long total = 0;
        for (Path file : files) {
            total += Files.size(file);
        }
        List<Fetched.File> fetched = new ArrayList<>();
        long[] done = {0};
        for (Path file : files) {
            fetched.add(take(file, room, total, done, progress, cancellation));
        }
        return new Fetched("", "", fetched);
    }

    private List<Path> files() throws IOException {
        if (Files.isRegularFile(path)) {
            return List.of(path);
        }
        if (!Files.isDirectory(path)) {
            throw new CatalogueRefused(
                    Reply.Reason.NOT_FOUND,
                    path + " is not there, expected a GGUF file or a folder with a model; check the path");
        }
        List<String> names;
        try (Stream<Path> all = Files.list(path)) {
            names = all.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .limit(FILES_MAX)
                    .toList();
        }
        return ModelFiles.choose(names, path.toString()).stream()
                .map(path::resolve)
                .toList();
    }

    private Fetched.File take(
            Path file, PullRoom room, long total, long[] done, PullProgress progress, Cancellation cancellation)
            throws IOException {
        String name = ModelFiles.checked(file.getFileName().toString(), path.toString());
        Path to = room.folder().resolve(name);
        FileHash.Step step = bytes -> {
            done[0] += bytes;
            progress.moved(PullProgress.Phase.DOWNLOADING, done[0], total);
            cancellation.check(path.toString());
        };
        try {
            // A link to a link would be as fragile as the link.
            Files.createLink(to, file.toRealPath());
            return new Fetched.File(name, Files.size(to), FileHash.of(to, step));
        } catch (UnsupportedOperationException | IOException e) {
            if (e instanceof CatalogueRefused refused) {
                throw refused;
            }
            return copy(file, to, step);
        }
    }

    private Fetched.File copy(Path file, Path to, FileHash.Step step) throws IOException {
        store.requireSpace(path.toString(), Files.size(file));
        Files.deleteIfExists(to);
        var digest = FileHash.sha256();
        byte[] bytes = new byte[COPY_STEP];
        try (InputStream in = Files.newInputStream(file);
                OutputStream out = Files.newOutputStream(to)) {
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                out.write(bytes, 0, read);
                digest.update(bytes, 0, read);
                step.hashed(read);
            }
        }
        return new Fetched.File(to.getFileName().toString(), Files.size(to), ContentHash.fromBytes(digest.digest()));
    }
}
