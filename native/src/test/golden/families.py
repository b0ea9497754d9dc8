"""Makes the tiny models of FamiliesTest and their golden logits: every family with random weights, as Hugging Face lays
it out and as llama.cpp's GGUF does, and the logits of a plain float64 forward pass that shares nothing with the C++
decoder. Needs numpy, gguf, safetensors and tokenizers:  python3 families.py ../resources/families
"""
import json
import os
import sys

import gguf
import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

VOCAB = 64
HIDDEN = 16
TOKENS = [1, 7, 33, 2, 60, 5, 5, 12, 40, 63, 21, 8, 19, 3]

FAMILIES = {
    "llama": dict(heads=4, kv=2, dim=4, mlp=24, layers=2, tied=False, theta=10000.0),
    "llama3": dict(model_type="llama", arch="llama", heads=4, kv=2, dim=4, mlp=24, layers=2, tied=True, theta=500000.0,
                   llama3=dict(factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                               original_max_position_embeddings=64)),
    "mistral": dict(arch=None, heads=4, kv=2, dim=4, mlp=24, layers=2, tied=False, theta=10000.0, window=5),
    "qwen2": dict(heads=4, kv=2, dim=4, mlp=24, layers=2, tied=True, theta=1000000.0, qkv_bias=True),
    "qwen3": dict(heads=4, kv=2, dim=8, mlp=24, layers=2, tied=True, theta=1000000.0, qk_norm=True),
    "gemma3": dict(model_type="gemma3_text", heads=2, kv=1, dim=8, mlp=24, layers=7, tied=True, theta=1000000.0,
                   local=10000.0, window=4, pattern=6, qk_norm=True, gemma=True),
    "phi3": dict(heads=4, kv=4, dim=4, mlp=24, layers=2, tied=False, theta=10000.0, window=6, fused=True),
}


def weights(name, f):
    rng = np.random.default_rng(abs(hash_of(name)))

    def matrix(out, into):
        return (rng.standard_normal((out, into)) * 1.2 / np.sqrt(into)).astype(np.float16)

    def norm(size):
        base = 0.0 if f.get("gemma") else 1.0
        return (base + 0.2 * rng.standard_normal(size)).astype(np.float16)

    q, kv = f["heads"] * f["dim"], f["kv"] * f["dim"]
    w = {"model.embed_tokens.weight": matrix(VOCAB, HIDDEN)}
    for i in range(f["layers"]):
        p = f"model.layers.{i}."
        parts = {"q": matrix(q, HIDDEN), "k": matrix(kv, HIDDEN), "v": matrix(kv, HIDDEN)}
        gate, up = matrix(f["mlp"], HIDDEN), matrix(f["mlp"], HIDDEN)
        if f.get("fused"):
            w[p + "self_attn.qkv_proj.weight"] = np.concatenate([parts["q"], parts["k"], parts["v"]])
            w[p + "mlp.gate_up_proj.weight"] = np.concatenate([gate, up])
        else:
            for n, value in parts.items():
                w[p + f"self_attn.{n}_proj.weight"] = value
                if f.get("qkv_bias"):
                    w[p + f"self_attn.{n}_proj.bias"] = (0.3 * rng.standard_normal(len(value))).astype(np.float16)
            w[p + "mlp.gate_proj.weight"], w[p + "mlp.up_proj.weight"] = gate, up
        w[p + "self_attn.o_proj.weight"] = matrix(HIDDEN, q)
        w[p + "mlp.down_proj.weight"] = matrix(HIDDEN, f["mlp"])
        w[p + "input_layernorm.weight"] = norm(HIDDEN)
        w[p + "post_attention_layernorm.weight"] = norm(HIDDEN)
        if f.get("gemma"):
            w[p + "pre_feedforward_layernorm.weight"] = norm(HIDDEN)
            w[p + "post_feedforward_layernorm.weight"] = norm(HIDDEN)
        if f.get("qk_norm"):
            w[p + "self_attn.q_norm.weight"], w[p + "self_attn.k_norm.weight"] = norm(f["dim"]), norm(f["dim"])
    w["model.norm.weight"] = norm(HIDDEN)
    if not f["tied"]:
        w["lm_head.weight"] = matrix(VOCAB, HIDDEN)
    return w


def hash_of(name):
    value = 7
    for c in name:
        value = (value * 31 + ord(c)) % 1000003
    return value


def forward(f, w, eps):
    """Logits [tokens, vocab] in float64, one whole pass, no cache."""
    w = {k: v.astype(np.float64) for k, v in w.items()}
    plus = 1.0 if f.get("gemma") else 0.0
    n = len(TOKENS)

    def rms(x, weight):
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + eps) * (weight + plus)

    def rotate(x, base, freqs):
        half = f["dim"] // 2
        angles = np.arange(n)[:, None] * freqs(base)[None, :]
        c, s = np.cos(angles)[:, None, :], np.sin(angles)[:, None, :]
        a, b = x[..., :half], x[..., half:]
        return np.concatenate([a * c - b * s, b * c + a * s], -1)

    def plain(base):
        return base ** (-2.0 * np.arange(f["dim"] // 2) / f["dim"])

    def stretched(base):
        l = f["llama3"]
        freqs = plain(base)
        out = []
        for value in freqs:
            wave = 2 * np.pi / value
            old = l["original_max_position_embeddings"]
            if wave < old / l["high_freq_factor"]:
                out.append(value)
            elif wave > old / l["low_freq_factor"]:
                out.append(value / l["factor"])
            else:
                smooth = (old / wave - l["low_freq_factor"]) / (l["high_freq_factor"] - l["low_freq_factor"])
                out.append((1 - smooth) * value / l["factor"] + smooth * value)
        return np.array(out)

    x = w["model.embed_tokens.weight"][TOKENS]
    if f.get("gemma"):
        x = x * np.sqrt(HIDDEN)
    for i in range(f["layers"]):
        p = f"model.layers.{i}."
        slides = "window" in f and ("pattern" not in f or (i + 1) % f["pattern"] != 0)
        h = rms(x, w[p + "input_layernorm.weight"])
        q, kv = f["heads"] * f["dim"], f["kv"] * f["dim"]
        if f.get("fused"):
            qkv = h @ w[p + "self_attn.qkv_proj.weight"].T
            parts = [qkv[:, :q], qkv[:, q:q + kv], qkv[:, q + kv:]]
        else:
            parts = [h @ w[p + f"self_attn.{c}_proj.weight"].T + w.get(p + f"self_attn.{c}_proj.bias", 0.0)
                     for c in "qkv"]
        qs = parts[0].reshape(n, f["heads"], f["dim"])
        ks = parts[1].reshape(n, f["kv"], f["dim"])
        vs = parts[2].reshape(n, f["kv"], f["dim"])
        if f.get("qk_norm"):
            qs, ks = rms(qs, w[p + "self_attn.q_norm.weight"]), rms(ks, w[p + "self_attn.k_norm.weight"])
        base = f["local"] if slides and "local" in f else f["theta"]
        how = stretched if "llama3" in f else plain
        qs, ks = rotate(qs, base, how), rotate(ks, base, how)
        out = np.zeros((n, f["heads"], f["dim"]))
        for head in range(f["heads"]):
            group = head * f["kv"] // f["heads"]
            for at in range(n):
                first = max(0, at - f["window"] + 1) if slides else 0
                scores = ks[first:at + 1, group] @ qs[at, head] / np.sqrt(f["dim"])
                e = np.exp(scores - scores.max())
                out[at, head] = (e / e.sum()) @ vs[first:at + 1, group]
        h = out.reshape(n, q) @ w[p + "self_attn.o_proj.weight"].T
        after = "post_attention_layernorm.weight"
        x = x + (rms(h, w[p + after]) if f.get("gemma") else h)
        h = rms(x, w[p + ("pre_feedforward_layernorm.weight" if f.get("gemma") else after)])
        if f.get("fused"):
            both = h @ w[p + "mlp.gate_up_proj.weight"].T
            gate, up = both[:, :f["mlp"]], both[:, f["mlp"]:]
        else:
            gate, up = h @ w[p + "mlp.gate_proj.weight"].T, h @ w[p + "mlp.up_proj.weight"].T
        if f.get("gemma"):
            gate = 0.5 * gate * (1 + np.tanh(np.sqrt(2 / np.pi) * (gate + 0.044715 * gate ** 3)))
        else:
            gate = gate / (1 + np.exp(-gate))
        h = (gate * up) @ w[p + "mlp.down_proj.weight"].T
        x = x + (rms(h, w[p + "post_feedforward_layernorm.weight"]) if f.get("gemma") else h)
    x = rms(x, w["model.norm.weight"])
    return x @ w.get("lm_head.weight", w["model.embed_tokens.weight"]).T


def folder(path, name, f, w, eps):
    os.makedirs(path, exist_ok=True)
    config = dict(model_type=f.get("model_type", name), hidden_size=HIDDEN, num_attention_heads=f["heads"],
                  num_key_value_heads=f["kv"], head_dim=f["dim"], num_hidden_layers=f["layers"],
                  intermediate_size=f["mlp"], vocab_size=VOCAB, max_position_embeddings=512, rms_norm_eps=eps,
                  rope_theta=f["theta"], tie_word_embeddings=f["tied"], bos_token_id=1, eos_token_id=[2])
    if "window" in f:
        config["sliding_window"] = f["window"]
    if "pattern" in f:
        config.update(sliding_window_pattern=f["pattern"], rope_local_base_freq=f["local"],
                      query_pre_attn_scalar=f["dim"])
    if "llama3" in f:
        config["rope_scaling"] = dict(rope_type="llama3", **f["llama3"])
    json.dump(config, open(path + "/config.json", "w"), indent=1)
    # Two files, so that sharded models are read as well.
    names = sorted(w)
    save_file({k: w[k] for k in names[::2]}, path + "/model-00001-of-00002.safetensors")
    save_file({k: w[k] for k in names[1::2]}, path + "/model-00002-of-00002.safetensors")
    t = Tokenizer(models.BPE({c: i for i, c in enumerate(tokens())}, []))
    t.pre_tokenizer, t.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    t.save(path + "/tokenizer.json")


def tokens():
    return ["<unk>", "<s>", "</s>"] + [chr(ord("!") + i) for i in range(VOCAB - 3)]


def gguf_file(path, name, f, w, eps):
    arch = f.get("arch", name)
    g = gguf.GGUFWriter(path, arch)
    g.add_block_count(f["layers"])
    g.add_context_length(512)
    g.add_embedding_length(HIDDEN)
    g.add_feed_forward_length(f["mlp"])
    g.add_head_count(f["heads"])
    g.add_head_count_kv(f["kv"])
    g.add_key_length(f["dim"])
    g.add_value_length(f["dim"])
    g.add_rope_dimension_count(f["dim"])
    g.add_rope_freq_base(f["theta"])
    g.add_layer_norm_rms_eps(eps)
    if "window" in f:
        g.add_sliding_window(f["window"])
    g.add_tokenizer_model("gpt2")
    g.add_tokenizer_pre("gpt-2")
    g.add_token_list(tokens())
    g.add_token_types([3, 3, 3] + [1] * (VOCAB - 3))
    g.add_token_merges(["! \"", "# $"])
    g.add_bos_token_id(1)
    g.add_eos_token_id(2)
    to = {"self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
          "self_attn.qkv_proj": "attn_qkv", "self_attn.o_proj": "attn_output", "self_attn.q_norm": "attn_q_norm",
          "self_attn.k_norm": "attn_k_norm", "input_layernorm": "attn_norm", "mlp.gate_proj": "ffn_gate",
          "mlp.up_proj": "ffn_up", "mlp.gate_up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
          "post_attention_layernorm": "post_attention_norm" if f.get("gemma") else "ffn_norm",
          "pre_feedforward_layernorm": "ffn_norm", "post_feedforward_layernorm": "post_ffw_norm"}
    top = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight",
           "lm_head.weight": "output.weight"}
    if "llama3" in f:
        l = f["llama3"]
        factors = []
        for i in range(f["dim"] // 2):
            wave = 2 * np.pi * f["theta"] ** (2.0 * i / f["dim"])
            old = l["original_max_position_embeddings"]
            low, high = old / l["low_freq_factor"], old / l["high_freq_factor"]
            if wave < high:
                factors.append(1.0)
            elif wave > low:
                factors.append(l["factor"])
            else:
                smooth = (old / wave - l["low_freq_factor"]) / (l["high_freq_factor"] - l["low_freq_factor"])
                factors.append(1 / ((1 - smooth) / l["factor"] + smooth))
        g.add_tensor("rope_freqs.weight", np.array(factors, np.float32))
    for key, value in w.items():
        if key in top:
            target = top[key]
        else:
            _, _, layer, rest = key.split(".", 3)
            part, kind = rest.rsplit(".", 1)
            target = f"blk.{layer}.{to[part]}.{kind}"
        if arch == "llama" and ("q_proj" in key or "k_proj" in key):
            heads = f["heads"] if "q_proj" in key else f["kv"]
            shape = value.shape
            value = value.reshape(heads, 2, shape[0] // heads // 2, *shape[1:]).swapaxes(1, 2).reshape(shape)
        if value.ndim == 1:
            value = value.astype(np.float32) + (1.0 if f.get("gemma") and "norm" in key else 0.0)
        g.add_tensor(target, value)
    g.write_header_to_file()
    g.write_kv_data_to_file()
    g.write_tensors_to_file()
    g.close()


def main(out):
    os.makedirs(out, exist_ok=True)
    for name, f in FAMILIES.items():
        eps = 1e-6
        w = weights(name, f)
        logits = forward(f, w, eps)
        folder(f"{out}/{name}", name, f, w, eps)
        if f.get("arch", name):
            gguf_file(f"{out}/{name}.gguf", name, f, w, eps)
        # A window that is not looked at would show: beyond it the logits differ.
        logits.astype("<f4").tofile(f"{out}/{name}.logits")
        print(name, logits.shape, float(np.abs(logits).max()))


main(sys.argv[1])
