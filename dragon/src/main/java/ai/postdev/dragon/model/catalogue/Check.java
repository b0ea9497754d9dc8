package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.dragon.model.MiniLmEmbedder;
import ai.postdev.dragon.model.catalogue.Manifest.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Looks whether a model's files are what they were when it came here. One thread; blocks. */
final class Check {
    private final InstalledModel model;
    private final boolean all;

    /** @param all whether files are hashed that nobody seems to have touched */
    Check(InstalledModel model, boolean all) {
        this.model = model;
        this.all = all;
    }

    /** What is wrong, a line for each file. */
    List<String> run(PullProgress progress, Cancellation cancellation) throws IOException {
        List<String> damages = new ArrayList<>();
        if (model.manifest().builtIn()) {
            if (MiniLmEmbedder.class.getResource("/" + MiniLmEmbedder.MODEL + ".onnx") == null) {
                damages.add("its jar is not on the class path");
            }
            return damages;
        }
        long total = model.manifest().bytes();
        long before = 0;
        for (StoredFile file : model.manifest().files()) {
            Path path = model.folder().resolve(file.name());
            if (!Files.isRegularFile(path)) {
                damages.add(file.name() + " is missing");
            } else if (Files.size(path) != file.bytes()) {
                damages.add(file.name() + " has " + Files.size(path) + " bytes, expected " + file.bytes());
            } else if (all || Files.getLastModifiedTime(path).toMillis() != file.modifiedMillis()) {
                long[] done = {before};
                ContentHash found = FileHash.of(path, bytes -> {
                    done[0] += bytes;
                    progress.moved(PullProgress.Phase.CHECKING, done[0], total);
                    cancellation.check("the check of " + model.name());
                });
                if (!found.equals(file.sha256())) {
                    damages.add(file.name() + " has the SHA-256 " + found + ", expected " + file.sha256());
                }
            }
            before += file.bytes();
        }
        return damages;
    }
}
