package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.model.catalogue.Manifest.Facts;
import ai.postdev.dragon.model.catalogue.Manifest.Format;
import ai.postdev.dragon.model.catalogue.Manifest.Kind;
import ai.postdev.dragon.model.catalogue.Manifest.Memory;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What a model in safetensors says of itself: its config.json, and the frame of its weights. The files may come from
 * anywhere; lengths are checked before anything is read by them.
 */
final class Safetensors {
    private static final long HEADER_BYTES_MAX = 100_000_000;
    private static final long CONFIG_BYTES_MAX = 16 << 20;
    private static final long FACT_MAX = 1L << 24;
    private static final List<String> ENCODERS =
            List.of("bert", "nomic_bert", "roberta", "xlm-roberta", "modernbert", "mpnet", "distilbert");

    private Safetensors() {}

    static Inspection inspect(Path folder, List<Fetched.File> files) throws IOException {
        long bytes = 0;
        for (Fetched.File file : files) {
            if (file.name().endsWith(".safetensors")) {
                check(folder.resolve(file.name()));
                bytes += file.bytes();
            }
        }
        JsonFields config = json(folder.resolve("config.json"));
        String architecture = config.has("model_type") ? config.text("model_type") : "";
        boolean encoder = ENCODERS.contains(architecture);
        long layers = number(config, "num_hidden_layers", 0);
        long dimensions = number(config, "hidden_size", 0);
        long heads = Math.max(1, number(config, "num_attention_heads", 1));
        long head = number(config, "head_dim", dimensions / heads);
        long kv =
                encoder ? 0 : 2 * 2 * layers * Math.min(FACT_MAX, head * number(config, "num_key_value_heads", heads));
        long vocabulary = number(config, "vocab_size", 0);
        String numbers = config.has("dtype")
                ? config.text("dtype")
                : config.has("torch_dtype") ? config.text("torch_dtype") : "";
        Facts facts = new Facts(
                architecture,
                quantisation(config, numbers),
                0,
                number(config, "max_position_embeddings", 0),
                layers,
                dimensions,
                vocabulary,
                hasTemplate(folder));
        return new Inspection(
                encoder ? Kind.EMBEDDING : Kind.TEXT,
                Format.SAFETENSORS,
                facts,
                new Memory(bytes, kv, Inspection.overhead(dimensions, encoder ? 0 : vocabulary)),
                "");
    }

    private static String quantisation(JsonFields config, String numbers) throws CatalogueRefused {
        if (config.has("quantization") && config.object("quantization").has("bits")) {
            return config.object("quantization").number("bits") + "bit";
        }
        return switch (numbers) {
            case "bfloat16" -> "BF16";
            case "float16" -> "F16";
            case "float32" -> "F32";
            default -> numbers.toUpperCase(Locale.ROOT);
        };
    }

    private static boolean hasTemplate(Path folder) throws IOException {
        Path tokenizer = folder.resolve("tokenizer_config.json");
        return Files.exists(folder.resolve("chat_template.jinja"))
                || Files.exists(tokenizer) && json(tokenizer).has("chat_template");
    }

    private static long number(JsonFields config, String name, long otherwise) throws CatalogueRefused {
        return config.has(name) ? Math.clamp(config.number(name), 0, FACT_MAX) : otherwise;
    }

    private static JsonFields json(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (Files.size(file) > CONFIG_BYTES_MAX) {
            throw damaged(name, "it has " + Files.size(file) + " bytes, at most " + CONFIG_BYTES_MAX + " are read");
        }
        return JsonFields.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8), name);
    }

    /** The header must fit, and the last tensor must end where the file does. */
    private static void check(Path file) throws IOException {
        String name = file.getFileName().toString();
        long size = Files.size(file);
        try (InputStream in = Files.newInputStream(file)) {
            if (size < 8) {
                throw damaged(name, "it has " + size + " bytes");
            }
            long header = Long.reverseBytes(new DataInputStream(in).readLong());
            if (header < 2 || header > Math.min(HEADER_BYTES_MAX, size - 8)) {
                throw damaged(name, "its header shall take " + Long.toUnsignedString(header) + " bytes");
            }
            JsonFields tensors = JsonFields.of(
                    new String(in.readNBytes((int) header), StandardCharsets.UTF_8), "the header of " + name);
            long end = 0;
            for (String tensor : tensors.names()) {
                if (!tensor.equals("__metadata__")) {
                    List<Long> place = tensors.object(tensor).numbers("data_offsets");
                    if (place.size() != 2 || place.get(0) < 0 || place.get(1) < place.get(0)) {
                        throw damaged(name, "tensor '" + tensor + "' lies at " + place);
                    }
                    end = Math.max(end, place.get(1));
                }
            }
            if (end != size - 8 - header) {
                throw damaged(name, "its tensors take " + end + " bytes, " + (size - 8 - header) + " are there");
            }
        }
    }

    private static CatalogueRefused damaged(String name, String found) {
        return new CatalogueRefused(
                Reply.Reason.PRECONDITION,
                name + " is damaged or no model: " + found + "; fetch it again, or give another model");
    }
}
