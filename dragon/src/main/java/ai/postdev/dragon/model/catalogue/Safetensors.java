package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.model.catalogue.Manifest.Facts;
import ai.postdev.dragon.model.catalogue.Manifest.Format;
import ai.postdev.dragon.model.catalogue.Manifest.Kind;
import ai.postdev.dragon.model.catalogue.Manifest.Memory;
import ai.postdev.mlx.file.ModelFileException;
import ai.postdev.mlx.file.SafetensorsFile;
import ai.postdev.mlx.file.Tensor;
import java.io.IOException;
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
    private static final long CONFIG_BYTES_MAX = 16 << 20;
    private static final long FACT_MAX = 1L << 24;
    private static final List<String> ENCODERS =
            List.of("bert", "nomic_bert", "roberta", "xlm-roberta", "modernbert", "mpnet", "distilbert");

    private Safetensors() {}

    static Inspection inspect(Path folder, List<Fetched.File> files) throws IOException {
        long bytes = 0;
        long numbers = 0;
        for (Fetched.File file : files) {
            if (file.name().endsWith(".safetensors")) {
                numbers += numbers(folder.resolve(file.name()));
                bytes += file.bytes();
            }
        }
        JsonFields config = json(folder.resolve("config.json"));
        String architecture = config.has("model_type") ? config.text("model_type") : "";
        boolean encoder = ENCODERS.contains(architecture);
        // nomic's models name them as GPT-2 did
        long layers = number(config, "num_hidden_layers", number(config, "n_layer", 0));
        long dimensions = number(config, "hidden_size", number(config, "n_embd", 0));
        long heads = Math.max(1, number(config, "num_attention_heads", number(config, "n_head", 1)));
        long head = number(config, "head_dim", dimensions / heads);
        long kv =
                encoder ? 0 : 2 * 2 * layers * Math.min(FACT_MAX, head * number(config, "num_key_value_heads", heads));
        long vocabulary = number(config, "vocab_size", 0);
        String type = config.has("dtype")
                ? config.text("dtype")
                : config.has("torch_dtype") ? config.text("torch_dtype") : "";
        Facts facts = new Facts(
                architecture,
                quantisation(config, type),
                config.has("quantization") ? 0 : numbers,
                number(config, "max_position_embeddings", number(config, "n_positions", 0)),
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

    private static String quantisation(JsonFields config, String type) throws CatalogueRefused {
        if (config.has("quantization") && config.object("quantization").has("bits")) {
            return config.object("quantization").number("bits") + "bit";
        }
        return switch (type) {
            case "bfloat16" -> "BF16";
            case "float16" -> "F16";
            case "float32" -> "F32";
            default -> type.toUpperCase(Locale.ROOT);
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

    /** Numbers in all tensors of a file. */
    private static long numbers(Path file) throws IOException {
        try (SafetensorsFile weights = SafetensorsFile.open(file)) {
            return weights.tensors().values().stream()
                    .mapToLong(Tensor::elements)
                    .sum();
        } catch (ModelFileException e) {
            throw damaged(file.getFileName().toString(), e.getMessage());
        }
    }

    private static CatalogueRefused damaged(String name, String found) {
        return new CatalogueRefused(
                Reply.Reason.PRECONDITION,
                name + " is damaged or no model: " + found + "; fetch it again, or give another model");
    }
}
