package ai.postdev.mlx.family;

import ai.postdev.mlx.file.ModelFileException;
import ai.postdev.mlx.file.SafetensorsFile;
import ai.postdev.mlx.file.Tensor;
import ai.postdev.mlx.token.FileTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a model folder as Hugging Face and mlx-community lay it out: config.json, tokenizer.json, safetensors. */
public final class FolderFamily {
    /** The values of {@code model_type} that are read as decoders. */
    public static final Set<String> DECODERS =
            Set.of("llama", "mistral", "qwen2", "qwen3", "gemma3_text", "gemma3", "phi3");

    private static final Map<String, String> GLOBAL =
            Map.of("model.embed_tokens", "embed", "model.norm", "final_norm", "lm_head", "head");
    private static final Map<String, String> LAYER = Map.ofEntries(
            Map.entry("input_layernorm", "attn_norm"),
            Map.entry("self_attn.q_proj", "q"),
            Map.entry("self_attn.k_proj", "k"),
            Map.entry("self_attn.v_proj", "v"),
            Map.entry("self_attn.qkv_proj", "qkv"),
            Map.entry("self_attn.o_proj", "o"),
            Map.entry("self_attn.q_norm", "q_norm"),
            Map.entry("self_attn.k_norm", "k_norm"),
            Map.entry("post_attention_layernorm", "mlp_norm"),
            Map.entry("pre_feedforward_layernorm", "mlp_norm"),
            Map.entry("post_feedforward_layernorm", "mlp_post_norm"),
            Map.entry("mlp.gate_proj", "gate"),
            Map.entry("mlp.up_proj", "up"),
            Map.entry("mlp.gate_up_proj", "gate_up"),
            Map.entry("mlp.down_proj", "down"));
    private static final Pattern NAME =
            Pattern.compile("model\\.layers\\.(\\d{1,4})\\.([\\w.]+)\\.(weight|bias|scales|biases)");
    private static final Pattern PLAIN = Pattern.compile("([\\w.]+)\\.(weight|bias|scales|biases)");

    private FolderFamily() {}

    /**
     * Reads the plan of a decoder.
     *
     * @param maxContext the most tokens a session will hold
     * @throws ModelFileException when the family is not read here or the configuration does not make sense
     * @throws IOException when a file cannot be read
     */
    public static DecoderPlan decoder(Path folder, SafetensorsFile file, int maxContext) throws IOException {
        Json json = Json.read(folder.resolve("config.json"));
        String type = json.text("model_type", "");
        if (!DECODERS.contains(type)) {
            throw new ModelFileException("the model type \"" + type + "\" is not read here; "
                    + String.join(", ", DECODERS.stream().sorted().toList()) + " are");
        }
        if (type.equals("gemma3") && json.has("text_config")) {
            json = json.child("text_config");
        }
        boolean gemma = type.startsWith("gemma3");
        int hidden = json.number("hidden_size");
        int heads = Math.max(1, json.number("num_attention_heads"));
        int headDim = json.number("head_dim", hidden / heads);
        int layers = json.number("num_hidden_layers");
        int context = json.number("max_position_embeddings", 2048);
        int usable = Math.min(context, maxContext);
        if (type.startsWith("qwen")
                && json.flag("use_sliding_window", false)
                && json.number("max_window_layers", 0) < layers) {
            throw new ModelFileException("only some layers of this " + type + " slide, which is not read here");
        }
        boolean slides = gemma || type.equals("mistral") || type.equals("phi3");
        Scaling scaling = Scaling.of(json, usable, context, headDim);
        DecoderSpec spec = new DecoderSpec(
                        type,
                        layers,
                        hidden,
                        heads,
                        json.number("num_key_value_heads", heads),
                        headDim,
                        (int) (headDim * json.real("partial_rotary_factor", 1)),
                        json.number("intermediate_size"),
                        json.number("vocab_size"),
                        slides ? json.number("sliding_window", 0) : 0,
                        gemma ? json.number("sliding_window_pattern", 6) : 0,
                        usable,
                        json.real("rms_norm_eps", 1e-6),
                        json.real("rope_theta", gemma ? 1e6 : 1e4),
                        gemma ? json.real("rope_local_base_freq", 1e4) : 0,
                        scaling.scale(),
                        scaling.magnitude(),
                        gemma ? Math.sqrt(hidden) : 1,
                        1 / Math.sqrt(gemma ? json.real("query_pre_attn_scalar", headDim) : headDim),
                        false,
                        type.equals("qwen3") || gemma,
                        gemma,
                        gemma)
                .checked();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Set<String> plusOne = new HashSet<>();
        boolean tied = json.flag("tie_word_embeddings", gemma);
        for (Tensor tensor : file.tensors().values()) {
            if (tensor.name().endsWith("rotary_emb.inv_freq")
                    || tied && tensor.name().startsWith("lm_head.")) {
                continue;
            }
            String name = canonical(tensor.name(), gemma);
            if (name == null) {
                throw new ModelFileException(
                        "the tensor " + tensor.name() + " belongs to no part of " + type + " that is known here");
            }
            tensors.put(name, tensor);
            if (gemma && name.contains("norm")) {
                plusOne.add(name);
            }
        }
        return new DecoderPlan(spec, tensors, plusOne, scaling.freqs(spec));
    }

    private static String canonical(String name, boolean gemma) {
        String plain = name.startsWith("language_model.") ? name.substring("language_model.".length()) : name;
        Matcher layer = NAME.matcher(plain);
        if (layer.matches()) {
            String part = LAYER.get(layer.group(2));
            if (gemma && layer.group(2).equals("post_attention_layernorm")) {
                part = "attn_post_norm";
            }
            return part == null ? null : "layers." + layer.group(1) + "." + part + "." + layer.group(3);
        }
        Matcher whole = PLAIN.matcher(plain);
        String part = whole.matches() ? GLOBAL.get(whole.group(1)) : null;
        return part == null ? null : part + "." + whole.group(2);
    }

    /**
     * The tokenizer of the folder.
     *
     * @param vocab how many tokens the model has
     * @throws IOException when it cannot be read or there is none
     */
    public static FileTokenizer tokenizer(Path folder, int vocab) throws IOException {
        Json json = Json.read(folder.resolve("config.json"));
        Path file = folder.resolve("tokenizer.json");
        if (!file.toFile().isFile()) {
            throw new ModelFileException(file + " is missing; fetch the whole model");
        }
        Set<Integer> ends = new HashSet<>(json.numbers("eos_token_id"));
        if (folder.resolve("generation_config.json").toFile().isFile()) {
            ends.addAll(Json.read(folder.resolve("generation_config.json")).numbers("eos_token_id"));
        }
        return new FileTokenizer(file, vocab, json.number("bos_token_id", -1), ends);
    }

    /**
     * The chat template of the folder.
     *
     * @return null when it has none
     * @throws IOException when it cannot be read
     */
    public static String chatTemplate(Path folder) throws IOException {
        Path own = folder.resolve("chat_template.jinja");
        if (own.toFile().isFile()) {
            return java.nio.file.Files.readString(own);
        }
        Path config = folder.resolve("tokenizer_config.json");
        if (!config.toFile().isFile()) {
            return null;
        }
        return Json.read(config).text("chat_template", null);
    }
}
