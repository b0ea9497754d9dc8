package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.op.ContentHash;
import java.util.List;

/**
 * A model that PostDevAI knows by name without having it.
 *
 * @param licence of the weights
 * @param summary a line for people who choose
 * @param isDefault whether it is what a fresh machine is offered
 * @param files what must come out, in order
 * @param packages of Python that carry it, where that is the source
 */
public record KnownModel(
        ModelName name,
        ModelSource source,
        String licence,
        String summary,
        boolean isDefault,
        List<Expected> files,
        List<Wheel> packages) {
    public KnownModel {
        files = List.copyOf(files);
        packages = List.copyOf(packages);
    }

    /** A file that is known before it is there. */
    public record Expected(String name, long bytes, ContentHash sha256) {}

    /** A package as its registry has it; {@code bytes} and hash are of the wheel. */
    public record Wheel(String name, String version, long bytes, ContentHash sha256) {}

    /** Bytes that the model takes on this node. */
    public long bytes() {
        return files.stream().mapToLong(Expected::bytes).sum();
    }
}
