package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.model.catalogue.Manifest.Facts;
import ai.postdev.dragon.model.catalogue.Manifest.Format;
import ai.postdev.dragon.model.catalogue.Manifest.Kind;
import ai.postdev.dragon.model.catalogue.Manifest.Memory;
import ai.postdev.mlx.file.GgmlType;
import ai.postdev.mlx.file.GgufHeader;
import ai.postdev.mlx.file.ModelFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What weights say of themselves.
 *
 * @param licence as they state it; empty: they do not
 */
record Inspection(Kind kind, Format format, Facts facts, Memory memory, String licence) {
    /** Tokens that engines take at once, and so the size of their scratch. */
    private static final int BATCH_TOKENS = 512;
    /** Numbers of scratch for each token and dimension, in 32 bits. */
    private static final int SCRATCH_WIDTH = 24;

    private static final int KV_NUMBER_BYTES = 2;
    private static final long BASE_BYTES = 32L << 20;
    /** More than any model has, so that a hostile file cannot make the estimate overflow. */
    private static final long FACT_MAX = 1L << 24;

    private static final List<String> ENCODERS = List.of(
            "bert", "nomic-bert", "nomic-bert-moe", "jina-bert-v2", "gemma-embedding", "modern-bert", "t5encoder");
    private static final Map<Long, String> FILE_TYPES = Map.ofEntries(
            Map.entry(0L, "F32"),
            Map.entry(1L, "F16"),
            Map.entry(2L, "Q4_0"),
            Map.entry(3L, "Q4_1"),
            Map.entry(7L, "Q8_0"),
            Map.entry(8L, "Q5_0"),
            Map.entry(9L, "Q5_1"),
            Map.entry(10L, "Q2_K"),
            Map.entry(11L, "Q3_K_S"),
            Map.entry(12L, "Q3_K_M"),
            Map.entry(13L, "Q3_K_L"),
            Map.entry(14L, "Q4_K_S"),
            Map.entry(15L, "Q4_K_M"),
            Map.entry(16L, "Q5_K_S"),
            Map.entry(17L, "Q5_K_M"),
            Map.entry(18L, "Q6_K"),
            Map.entry(19L, "IQ2_XXS"),
            Map.entry(20L, "IQ2_XS"),
            Map.entry(21L, "Q2_K_S"),
            Map.entry(22L, "IQ3_XS"),
            Map.entry(23L, "IQ3_XXS"),
            Map.entry(24L, "IQ1_S"),
            Map.entry(25L, "IQ4_NL"),
            Map.entry(26L, "IQ3_S"),
            Map.entry(27L, "IQ3_M"),
            Map.entry(28L, "IQ2_S"),
            Map.entry(29L, "IQ2_M"),
            Map.entry(30L, "IQ4_XS"),
            Map.entry(31L, "IQ1_M"),
            Map.entry(32L, "BF16"),
            Map.entry(36L, "TQ1_0"),
            Map.entry(37L, "TQ2_0"),
            Map.entry(38L, "MXFP4"));

    /** Of the files of a model, the first of which an engine opens. */
    static Inspection of(Path folder, List<Fetched.File> files) throws IOException {
        Path first = folder.resolve(files.getFirst().name());
        if (!first.getFileName().toString().endsWith(".safetensors")) {
            return of(header(first)).withWeights(weightsAfter(folder, files));
        }
        return Safetensors.inspect(folder, files);
    }

    private static GgufHeader header(Path file) throws IOException {
        try {
            return GgufHeader.read(file, GgufHeader.Lists.COUNTED);
        } catch (ModelFileException e) {
            throw new CatalogueRefused(Reply.Reason.PRECONDITION, e.getMessage());
        }
    }

    /** Bytes of the weights in the further files of a model in parts. */
    private static long weightsAfter(Path folder, List<Fetched.File> files) throws IOException {
        long bytes = 0;
        for (Fetched.File file : files.subList(1, files.size())) {
            bytes += header(folder.resolve(file.name())).dataBytes();
        }
        return bytes;
    }

    private Inspection withWeights(long more) {
        Memory whole = new Memory(memory.weightBytes() + more, memory.kvBytesPerToken(), memory.overheadBytes());
        return new Inspection(kind, format, facts, whole, licence);
    }

    /** Of a GGUF file. */
    static Inspection of(GgufHeader header) {
        String architecture = header.text("general.architecture");
        String of = architecture + ".";
        long layers = bounded(header.number(of + "block_count", 0));
        long dimensions = bounded(header.number(of + "embedding_length", 0));
        long heads = Math.max(1, bounded(header.number(of + "attention.head_count", 1)));
        long kvHeads = bounded(header.number(of + "attention.head_count_kv", heads));
        long head = dimensions / heads;
        long keys = bounded(header.number(of + "attention.key_length", head));
        long values = bounded(header.number(of + "attention.value_length", head));
        long vocabulary = bounded(header.size("tokenizer.ggml.tokens"));
        boolean encoder = ENCODERS.contains(architecture) || header.number(of + "pooling_type", 0) > 0;
        long parameters =
                header.tensors().stream().mapToLong(GgufHeader.Entry::numbers).reduce(0, Inspection::capped);
        Facts facts = new Facts(
                architecture,
                quantisation(header),
                parameters,
                header.number(of + "context_length", 0),
                layers,
                dimensions,
                vocabulary,
                !header.text("tokenizer.chat_template").isEmpty());
        long kv = encoder ? 0 : capped(0, layers * Math.min(FACT_MAX, kvHeads * (keys + values)) * KV_NUMBER_BYTES);
        return new Inspection(
                encoder ? Kind.EMBEDDING : Kind.TEXT,
                Format.GGUF,
                facts,
                new Memory(header.dataBytes(), kv, overhead(dimensions, encoder ? 0 : vocabulary)),
                header.text("general.license"));
    }

    /** Scratch of the layers, and for a text model the logits of a whole batch. */
    static long overhead(long dimensions, long vocabulary) {
        return BASE_BYTES + BATCH_TOKENS * (SCRATCH_WIDTH * dimensions + vocabulary) * Float.BYTES;
    }

    private static long bounded(long found) {
        return Math.min(found, FACT_MAX);
    }

    private static long capped(long sum, long more) {
        return Math.min(Long.MAX_VALUE / 4, sum + more);
    }

    /** As the file says it; where it does not, the type that most of the bytes have. */
    private static String quantisation(GgufHeader header) {
        String said = FILE_TYPES.get(header.number("general.file_type", -1));
        if (said != null) {
            return said;
        }
        Map<GgmlType, Long> bytes = new EnumMap<>(GgmlType.class);
        header.tensors()
                .forEach(tensor ->
                        tensor.type().ifPresent(type -> bytes.merge(type, tensor.bytes(), Inspection::capped)));
        return bytes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(most -> most.getKey().name())
                .orElse("");
    }
}
