package ai.postdev.mlx.family;

import ai.postdev.mlx.file.ModelFileException;
import ai.postdev.mlx.file.SafetensorsFile;
import ai.postdev.mlx.file.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An encoder as its folder has it, told in the native side's words.
 *
 * @param hidden numbers of a vector
 * @param vocab tokens in the vocabulary
 * @param maxTokens the longest text
 * @param config the lines that the native side reads
 * @param tensors its tensors by the native side's names
 */
public record EncoderPlan(int hidden, int vocab, int maxTokens, String config, Map<String, Tensor> tensors) {
    /** Positions that nomic's models were trained with where their configuration does not say. */
    private static final int NOMIC_TRAINED = 2_048;

    private static final Map<String, String> GLOBAL = Map.of(
            "embeddings.word_embeddings", "words",
            "embeddings.position_embeddings", "positions",
            "embeddings.token_type_embeddings", "types",
            "embeddings.LayerNorm", "embed_norm",
            "emb_ln", "embed_norm");
    private static final Map<String, String> LAYER = Map.ofEntries(
            Map.entry("attention.self.query", "q"),
            Map.entry("attention.self.key", "k"),
            Map.entry("attention.self.value", "v"),
            Map.entry("attention.output.dense", "o"),
            Map.entry("attention.output.LayerNorm", "attn_norm"),
            Map.entry("intermediate.dense", "up"),
            Map.entry("output.dense", "down"),
            Map.entry("output.LayerNorm", "mlp_norm"),
            Map.entry("attn.Wqkv", "qkv"),
            Map.entry("attn.out_proj", "o"),
            Map.entry("norm1", "attn_norm"),
            Map.entry("norm2", "mlp_norm"),
            // nomic's fc11 goes through as it is, fc12 opens and shuts it.
            Map.entry("mlp.fc11", "up"),
            Map.entry("mlp.fc12", "gate"),
            Map.entry("mlp.fc2", "down"));
    private static final Pattern NAME = Pattern.compile("encoder\\.layers?\\.(\\d{1,4})\\.([\\w.]+)\\.(weight|bias)");
    private static final Pattern PLAIN = Pattern.compile("([\\w.]+)\\.(weight|bias)");

    /**
     * Reads the plan of a folder.
     *
     * @throws ModelFileException when the family is not read here or the configuration does not make sense
     * @throws IOException when a file cannot be read
     */
    public static EncoderPlan of(Path folder, SafetensorsFile file) throws IOException {
        Json json = Json.read(folder.resolve("config.json"));
        String type = json.text("model_type", "");
        boolean nomic = type.equals("nomic_bert");
        if (!nomic && !type.equals("bert")) {
            throw new ModelFileException(
                    "the model type \"" + type + "\" is not read here as an encoder; bert and" + " nomic_bert are");
        }
        String activation = json.text(nomic ? "activation_function" : "hidden_act", nomic ? "swiglu" : "gelu");
        if (!activation.equals(nomic ? "swiglu" : "gelu")) {
            throw new ModelFileException("the activation " + activation + " of " + type
                    + (nomic ? " (activation_function)" : " (hidden_act)") + " is not read here");
        }
        int layers = json.number(nomic ? "n_layer" : "num_hidden_layers");
        int hidden = json.number(nomic ? "n_embd" : "hidden_size");
        int heads = json.number(nomic ? "n_head" : "num_attention_heads");
        int mlp = json.number(nomic ? "n_inner" : "intermediate_size");
        int vocab = json.number("vocab_size");
        int positions = nomic ? nomicPositions(json) : json.number("max_position_embeddings");
        if (layers < 1
                || layers > 256
                || hidden < 1
                || hidden > 1 << 16
                || heads < 1
                || hidden % heads != 0
                || mlp < 1
                || mlp > 1 << 18
                || vocab < 1
                || vocab > 1 << 22
                || positions < 1
                || positions > 1 << 20) {
            throw new ModelFileException("the configuration does not make sense: " + layers + " layers, " + hidden
                    + " wide, " + heads + " heads, " + mlp + " inside, " + vocab + " tokens, " + positions
                    + " positions");
        }
        String config = "layers=" + layers + "\nhidden=" + hidden + "\nheads=" + heads + "\nmlp=" + mlp + "\nvocab="
                + vocab + "\nmax_positions=" + positions + "\ntypes=" + json.number("type_vocab_size", 0) + "\neps="
                + (nomic ? json.real("layer_norm_epsilon", 1e-5) : json.real("layer_norm_eps", 1e-12)) + "\nrope_base="
                + json.real("rotary_emb_base", 10000) + "\nrotary=" + nomic + "\ngated=" + nomic + "\n";
        return new EncoderPlan(hidden, vocab, positions, config, tensors(file, type));
    }

    /**
     * The longest text of a nomic model, after a look at what would make it another kind than the one that is read here. Where
     * its rotations are stretched, they are so beyond the positions that it was trained with, and texts end there.
     */
    private static int nomicPositions(Json json) throws ModelFileException {
        if (json.real("rotary_emb_fraction", 0) != 1) {
            throw new ModelFileException("rotary_emb_fraction is " + json.real("rotary_emb_fraction", 0)
                    + "; of nomic_bert those are read that rotate all numbers of a head (1.0)");
        }
        for (String flag : List.of("rotary_emb_interleaved", "prenorm", "use_rms_norm", "causal")) {
            if (json.flag(flag, false)) {
                throw new ModelFileException(flag + " is true; of nomic_bert those are read where it is false");
            }
        }
        for (String number : List.of("rotary_emb_scale_base", "moe_every_n_layers")) {
            if (json.real(number, 0) != 0) {
                throw new ModelFileException(
                        number + " is " + json.real(number, 0) + "; of nomic_bert those are read that do without it");
            }
        }
        int positions = json.number("n_positions");
        return json.has("rotary_scaling_factor")
                ? Math.min(positions, json.number("max_trained_positions", NOMIC_TRAINED))
                : positions;
    }

    private static Map<String, Tensor> tensors(SafetensorsFile file, String type) throws ModelFileException {
        Map<String, Tensor> named = new LinkedHashMap<>();
        for (Tensor tensor : file.tensors().values()) {
            String name = tensor.name().startsWith("bert.") ? tensor.name().substring(5) : tensor.name();
            if (name.startsWith("pooler.") || name.startsWith("cls.") || name.endsWith("position_ids")) {
                continue;
            }
            Matcher layer = NAME.matcher(name);
            Matcher plain = PLAIN.matcher(name);
            String part =
                    layer.matches() ? LAYER.get(layer.group(2)) : plain.matches() ? GLOBAL.get(plain.group(1)) : null;
            if (part == null) {
                throw new ModelFileException(
                        "the tensor " + tensor.name() + " belongs to no part of " + type + " that is known here");
            }
            named.put(
                    layer.matches()
                            ? "layers." + layer.group(1) + "." + part + "." + layer.group(3)
                            : part + "." + plain.group(2),
                    tensor);
        }
        return named;
    }
}
