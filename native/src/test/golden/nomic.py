"""Makes the tiny nomic encoder of NomicTest and its golden vectors: random weights as the published models lay them out, and
the vectors of a plain float64 forward pass, text by text, that shares nothing with the C++ encoder. Needs numpy, safetensors
and tokenizers:  python3 nomic.py ../resources/families
"""
import json
import os
import sys

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

VOCAB, HIDDEN, HEADS, MLP, LAYERS = 64, 16, 2, 24, 3
BASE, EPS = 1000.0, 1e-12
TEXTS = [[1, 7, 33, 2], [60], [5, 5, 12, 40, 63, 21, 8, 19, 3, 44, 9, 2], [2, 33, 7, 1], list(range(3, 43))]


def weights():
    rng = np.random.default_rng(20261130)

    def matrix(out, into):
        return (rng.standard_normal((out, into)) * 1.2 / np.sqrt(into)).astype(np.float16)

    def norm(w, name):
        w[name + ".weight"] = (1.0 + 0.2 * rng.standard_normal(HIDDEN)).astype(np.float16)
        w[name + ".bias"] = (0.2 * rng.standard_normal(HIDDEN)).astype(np.float16)

    w = {"embeddings.word_embeddings.weight": matrix(VOCAB, HIDDEN),
         "embeddings.token_type_embeddings.weight": matrix(2, HIDDEN)}
    norm(w, "emb_ln")
    for i in range(LAYERS):
        p = f"encoder.layers.{i}."
        w[p + "attn.Wqkv.weight"] = matrix(3 * HIDDEN, HIDDEN) * np.float16(2)
        w[p + "attn.out_proj.weight"] = matrix(HIDDEN, HIDDEN)
        w[p + "mlp.fc11.weight"], w[p + "mlp.fc12.weight"] = matrix(MLP, HIDDEN), matrix(MLP, HIDDEN)
        w[p + "mlp.fc2.weight"] = matrix(HIDDEN, MLP)
        norm(w, p + "norm1")
        norm(w, p + "norm2")
    return w


def forward(w, tokens):
    """The states of one text's tokens after the last layer."""
    w = {k: v.astype(np.float64) for k, v in w.items()}
    n, dim = len(tokens), HIDDEN // HEADS

    def norm(x, name):
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred * centred).mean(-1, keepdims=True) + EPS)
        return scaled * w[name + ".weight"] + w[name + ".bias"]

    def rotate(vector, position):
        out = vector.copy()
        for pair in range(dim // 2):
            angle = position * BASE ** (-2.0 * pair / dim)
            a, b = vector[pair], vector[pair + dim // 2]
            out[pair] = a * np.cos(angle) - b * np.sin(angle)
            out[pair + dim // 2] = b * np.cos(angle) + a * np.sin(angle)
        return out

    x = w["embeddings.word_embeddings.weight"][tokens] + w["embeddings.token_type_embeddings.weight"][0]
    x = norm(x, "emb_ln")
    for i in range(LAYERS):
        p = f"encoder.layers.{i}."
        qkv = (x @ w[p + "attn.Wqkv.weight"].T).reshape(n, 3, HEADS, dim)
        out = np.zeros((n, HEADS, dim))
        for head in range(HEADS):
            q = np.array([rotate(qkv[t, 0, head], t) for t in range(n)])
            k = np.array([rotate(qkv[t, 1, head], t) for t in range(n)])
            for t in range(n):
                scores = k @ q[t] / np.sqrt(dim)
                e = np.exp(scores - scores.max())
                out[t, head] = (e / e.sum()) @ qkv[:, 2, head]
        x = norm(x + out.reshape(n, HIDDEN) @ w[p + "attn.out_proj.weight"].T, p + "norm1")
        value, gate = x @ w[p + "mlp.fc11.weight"].T, x @ w[p + "mlp.fc12.weight"].T
        x = norm(x + (value * gate / (1 + np.exp(-gate))) @ w[p + "mlp.fc2.weight"].T, p + "norm2")
    return x


def main(out):
    path = out + "/nomic"
    os.makedirs(path, exist_ok=True)
    w = weights()
    config = dict(model_type="nomic_bert", activation_function="swiglu", n_embd=HIDDEN, n_head=HEADS, n_inner=MLP,
                  n_layer=LAYERS, n_positions=64, vocab_size=VOCAB, type_vocab_size=2, layer_norm_epsilon=EPS,
                  rotary_emb_base=BASE, rotary_emb_fraction=1.0, rotary_emb_interleaved=False,
                  rotary_emb_scale_base=None, rotary_scaling_factor=None, prenorm=False, use_rms_norm=False,
                  qkv_proj_bias=False, mlp_fc1_bias=False, mlp_fc2_bias=False, causal=False)
    json.dump(config, open(path + "/config.json", "w"), indent=1)
    save_file(w, path + "/model.safetensors")
    words = ["<unk>", "<s>", "</s>"] + [chr(ord("!") + i) for i in range(VOCAB - 3)]
    t = Tokenizer(models.BPE({c: i for i, c in enumerate(words)}, []))
    t.pre_tokenizer, t.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    t.save(path + "/tokenizer.json")
    # Of each text: the mean of its tokens' states, that of the first and that of the last.
    rows = []
    for tokens in TEXTS:
        states = forward(w, tokens)
        rows += [states.mean(0), states[0], states[-1]]
    np.array(rows).astype("<f4").tofile(out + "/nomic.vectors")
    print(len(rows), float(np.abs(rows).max()))


main(sys.argv[1])
