package ai.postdev.dragon.model.catalogue;

import ai.postdev.dragon.model.MiniLmEmbedder;
import ai.postdev.dragon.model.catalogue.Manifest.Facts;
import ai.postdev.dragon.model.catalogue.Manifest.Format;
import ai.postdev.dragon.model.catalogue.Manifest.Kind;
import ai.postdev.dragon.model.catalogue.Manifest.Memory;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Models that come with PostDevAI in a jar: they are always there, are not pulled and cannot be removed. */
final class BuiltIns {
    /** The embedder of a fresh machine; with its engine it takes about 100 MB. */
    private static final Manifest MINILM = new Manifest(
            new ModelName("minilm"),
            new ModelSource.BuiltIn(MiniLmEmbedder.MODEL),
            "",
            Instant.EPOCH,
            "Apache-2.0",
            Kind.EMBEDDING,
            Format.ONNX,
            List.of(),
            new Facts("bert", "INT8", 22_713_216, 512, 6, MiniLmEmbedder.DIMENSIONS, 30_522, false),
            new Memory(MiniLmEmbedder.WEIGHT_BYTES, 0, MiniLmEmbedder.BYTES - MiniLmEmbedder.WEIGHT_BYTES));

    static final List<Manifest> ALL = List.of(MINILM);

    private BuiltIns() {}

    static Optional<Manifest> find(ModelName name) {
        return ALL.stream().filter(one -> one.name().equals(name)).findFirst();
    }
}
