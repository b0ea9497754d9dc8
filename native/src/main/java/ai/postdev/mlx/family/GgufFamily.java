package ai.postdev.mlx.family;

import ai.postdev.mlx.file.Dequantizer;
import ai.postdev.mlx.file.ElementType;
import ai.postdev.mlx.file.GgufFile;
import ai.postdev.mlx.file.ModelFileException;
import ai.postdev.mlx.file.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the decoder of a GGUF file: its shape from the metadata, its tensors by llama.cpp's names. */
public final class GgufFamily {
    /** The architectures that are read. Mistral's files say {@code llama}. */
    public static final Set<String> ARCHITECTURES = Set.of("llama", "qwen2", "qwen3", "gemma3", "phi3");

    private static final Map<String, String> GLOBAL =
            Map.of("token_embd", "embed", "output_norm", "final_norm", "output", "head");
    private static final Map<String, String> LAYER = Map.ofEntries(
            Map.entry("attn_norm", "attn_norm"),
            Map.entry("attn_q", "q"),
            Map.entry("attn_k", "k"),
            Map.entry("attn_v", "v"),
            Map.entry("attn_qkv", "qkv"),
            Map.entry("attn_output", "o"),
            Map.entry("attn_q_norm", "q_norm"),
            Map.entry("attn_k_norm", "k_norm"),
            Map.entry("post_attention_norm", "attn_post_norm"),
            Map.entry("ffn_norm", "mlp_norm"),
            Map.entry("ffn_gate", "gate"),
            Map.entry("ffn_up", "up"),
            Map.entry("ffn_down", "down"),
            Map.entry("post_ffw_norm", "mlp_post_norm"));
    private static final Pattern NAME = Pattern.compile("blk\\.(\\d{1,4})\\.(\\w+)\\.(weight|bias)");
    private static final Pattern PLAIN = Pattern.compile("(\\w+)\\.(weight|bias)");

    private final GgufFile file;
    private final String arch;

    private GgufFamily(GgufFile file, String arch) {
        this.file = file;
        this.arch = arch;
    }

    /**
     * Reads the plan of a decoder.
     *
     * @param maxContext the most tokens a session will hold; it chooses between rotations for short and long texts
     * @throws ModelFileException when the architecture is not read here or the metadata does not make sense
     */
    public static DecoderPlan decoder(GgufFile file, int maxContext) throws ModelFileException {
        String arch = file.text("general.architecture")
                .orElseThrow(() -> new ModelFileException("the file does not say its general.architecture"));
        if (!ARCHITECTURES.contains(arch)) {
            throw new ModelFileException("the architecture " + arch + " is not read here; "
                    + String.join(", ", ARCHITECTURES.stream().sorted().toList()) + " are");
        }
        return new GgufFamily(file, arch).plan(maxContext);
    }

    private DecoderPlan plan(int maxContext) throws ModelFileException {
        int layers = number("block_count");
        int hidden = number("embedding_length");
        int heads = Math.max(1, number("attention.head_count"));
        int kvHeads = number("attention.head_count_kv", heads);
        int headDim = number("attention.key_length", hidden / heads);
        if (number("attention.value_length", headDim) != headDim) {
            throw new ModelFileException("keys and values of different size are not read here");
        }
        boolean gemma = arch.equals("gemma3");
        int window = gemma || arch.equals("phi3") ? number("attention.sliding_window", 0) : 0;
        int context = number("context_length");
        double scale = 1 / real("rope.scaling.factor", 1);
        String scaling = file.text(arch + ".rope.scaling.type").orElse("none");
        if (scaling.equals("yarn")) {
            throw new ModelFileException("rotations scaled by yarn are not read here; linear ones are");
        }
        Tensor embed = file.tensors().get("token_embd.weight");
        if (embed == null || embed.shape().length != 2) {
            throw new ModelFileException("the file holds no token_embd.weight with two dimensions");
        }
        int ropeDims = number("rope.dimension_count", headDim);
        double base = real("rope.freq_base", 10000);
        int usable = Math.min(maxContext, context);
        double attentionSize = gemma && layers == 62 ? (double) hidden / heads : headDim;
        DecoderSpec spec = new DecoderSpec(
                        arch,
                        layers,
                        hidden,
                        heads,
                        kvHeads,
                        headDim,
                        ropeDims,
                        number("feed_forward_length"),
                        (int) embed.shape()[0],
                        window,
                        gemma ? 6 : 0,
                        usable,
                        real("attention.layer_norm_rms_epsilon", 1e-5),
                        base,
                        gemma ? real("rope.freq_base_swa", 10000) : 0,
                        scaling.equals("linear") ? scale : 1,
                        real("rope.scaling.attn_factor", 1),
                        gemma ? Math.sqrt(hidden) : 1,
                        1 / Math.sqrt(attentionSize),
                        arch.equals("llama"),
                        file.tensors().containsKey("blk.0.attn_q_norm.weight"),
                        gemma,
                        gemma)
                .checked();
        return new DecoderPlan(spec, tensors(), Set.of(), ropeFreqs(spec, usable));
    }

    private Map<String, Tensor> tensors() throws ModelFileException {
        Map<String, Tensor> named = new LinkedHashMap<>();
        for (Tensor tensor : file.tensors().values()) {
            if (tensor.name().startsWith("rope_")) {
                continue;
            }
            String name = canonical(tensor.name());
            if (name == null) {
                throw new ModelFileException(
                        "the tensor " + tensor.name() + " belongs to no part of " + arch + " that is known here");
            }
            named.put(name, tensor);
        }
        return named;
    }

    private String canonical(String name) {
        Matcher layer = NAME.matcher(name);
        if (layer.matches()) {
            String part = LAYER.get(layer.group(2));
            if (part != null && part.equals("up") && arch.equals("phi3")) {
                part = "gate_up";
            }
            return part == null ? null : "layers." + layer.group(1) + "." + part + "." + layer.group(3);
        }
        Matcher plain = PLAIN.matcher(name);
        String part = plain.matches() ? GLOBAL.get(plain.group(1)) : null;
        return part == null ? null : part + "." + plain.group(2);
    }

    /** Llama 3 and long Phi-3 give each wavelength a factor. */
    private float[] ropeFreqs(DecoderSpec spec, int maxContext) throws ModelFileException {
        int original = number("rope.scaling.original_context_length", Integer.MAX_VALUE);
        String name = file.tensors().containsKey("rope_freqs.weight")
                ? "rope_freqs.weight"
                : maxContext > original ? "rope_factors_long.weight" : "rope_factors_short.weight";
        Tensor factors = file.tensors().get(name);
        if (factors == null) {
            return new float[0];
        }
        int half = spec.ropeDims() / 2;
        if (factors.type() != ElementType.F32 || factors.elements() != half) {
            throw new ModelFileException(
                    name + " holds " + factors.elements() + " of " + factors.type() + ", not " + half + " of F32");
        }
        float[] values = new float[half];
        Dequantizer.toFloats(factors.type(), factors.data(), MemorySegment.ofArray(values));
        for (int i = 0; i < half; i++) {
            values[i] *= (float) Math.pow(spec.ropeBase(), 2.0 * i / spec.ropeDims());
        }
        return values;
    }

    private int number(String key) throws ModelFileException {
        long value = file.number(arch + "." + key)
                .orElseThrow(() -> new ModelFileException("the file does not say its " + arch + "." + key));
        return narrow(key, value);
    }

    private int number(String key, int otherwise) throws ModelFileException {
        return narrow(key, file.number(arch + "." + key).orElse((long) otherwise));
    }

    private int narrow(String key, long value) throws ModelFileException {
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new ModelFileException(arch + "." + key + " is " + value + ", which no model has");
        }
        return (int) value;
    }

    private double real(String key, double otherwise) throws ModelFileException {
        return file.real(arch + "." + key).orElse(otherwise);
    }
}
