package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.op.ContentHash;
import java.util.List;

/**
 * What a source gave.
 *
 * @param revision what of the source it is; empty where there is none
 * @param licence as the source states it; empty: it does not
 * @param files in the room of the pull; what an engine opens comes first
 */
record Fetched(String revision, String licence, List<File> files) {
    Fetched {
        files = List.copyOf(files);
    }

    record File(String name, long bytes, ContentHash sha256) {}
}
