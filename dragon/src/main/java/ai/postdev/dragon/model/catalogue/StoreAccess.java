package ai.postdev.dragon.model.catalogue;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The store of a node's models, opened by whoever needs it first: a folder of models that cannot be used takes nothing
 * else along. Any thread; {@link #store} blocks.
 */
public final class StoreAccess {
    private final Path folder;
    private final CatalogueSettings settings;
    private final UsageProbe usage;
    private ModelStore store;

    /** Access to the store in {@code folder}; nothing is read yet. */
    public StoreAccess(Path folder, CatalogueSettings settings, UsageProbe usage) {
        this.folder = folder;
        this.settings = settings;
        this.usage = usage;
    }

    /** @throws IOException if the folder cannot be used; the next call tries again */
    public synchronized ModelStore store() throws IOException {
        if (store == null) {
            store = ModelStore.open(folder, settings, usage);
        }
        return store;
    }

    /** Bounds of the catalogue. */
    public CatalogueSettings settings() {
        return settings;
    }

    /** Who uses a model. */
    public UsageProbe usage() {
        return usage;
    }
}
