package ai.postdev.dragon.model.serve;

import ai.postdev.dragon.model.catalogue.CatalogueSettings;
import ai.postdev.dragon.model.catalogue.StoreAccess;
import com.typesafe.config.Config;
import java.nio.file.Path;

/**
 * Where a node's models are kept, and what is known of their use.
 *
 * @param node id of it, which answers name
 * @param logs folder for what workers print
 */
public record ModelHome(String node, StoreAccess store, LoadedModels loaded, Path logs) {
    /** Of a home; nothing is read yet. */
    public static ModelHome of(String node, Path models, Path logs, Config config) {
        LoadedModels loaded = new LoadedModels();
        return new ModelHome(node, new StoreAccess(models, CatalogueSettings.from(config), loaded), loaded, logs);
    }
}
