package ai.postdev.dragon.model.catalogue;

import java.nio.file.Path;

/**
 * A model that lies on this node.
 *
 * @param folder of its files; of a built-in model the store's own, where it has none
 */
public record InstalledModel(Manifest manifest, Path folder) {
    /** The name it goes by. */
    public ModelName name() {
        return manifest.name();
    }

    /**
     * The file that an engine opens: the first of its weights.
     *
     * @throws IllegalStateException if the model is built in: its weights are in a jar
     */
    public Path file() {
        if (manifest.files().isEmpty()) {
            throw new IllegalStateException(
                    manifest.name() + " is built in (" + manifest.source().text() + ") and has no file");
        }
        return folder.resolve(manifest.files().getFirst().name());
    }
}
