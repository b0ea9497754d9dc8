"""Makes the golden values of DequantizerTest: random blocks of every type, and what the gguf package makes of them.
python3 blocks.py ../resources/blocks
"""
import os
import sys

import gguf
import numpy as np

out = sys.argv[1]
os.makedirs(out, exist_ok=True)
rng = np.random.default_rng(20261130)
for name in ["Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K", "F16", "BF16"]:
    kind = gguf.GGMLQuantizationType[name]
    elements, size = gguf.GGML_QUANT_SIZES[kind]
    blocks = 512 // elements
    raw = rng.integers(0, 256, (blocks, size), dtype=np.uint8)
    # Scales that are numbers: random bits would often be infinite or not a number.
    places = {"Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "Q4_K": [0, 2], "Q5_K": [0, 2],
              "Q6_K": [208]}.get(name, [])
    for at in places:
        raw[:, at:at + 2] = rng.uniform(-2, 2, blocks).astype(np.float16).view(np.uint8).reshape(blocks, 2)
    if name in ("F16", "BF16"):
        values = rng.standard_normal(512).astype(np.float32)
        raw = values.astype(np.float16).view(np.uint8) if name == "F16" else (
            values.view(np.uint32) >> 16).astype(np.uint16).view(np.uint8)
        values = raw.view(np.float16).astype(np.float32) if name == "F16" else (
            raw.view(np.uint16).astype(np.uint32) << 16).view(np.float32)
    else:
        values = gguf.quants.dequantize(raw, kind).astype(np.float32)
    raw.reshape(-1).tofile(f"{out}/{name}.bytes")
    values.reshape(-1).astype("<f4").tofile(f"{out}/{name}.floats")
    print(name, values.size)
