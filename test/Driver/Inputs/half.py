"""Inputs and expectations of half.mlir."""

import os
import sys

import numpy as np

mode, directory = sys.argv[1:]
halves = np.arange(1 << 16, dtype=np.uint16).view(np.float16).astype(np.float32)
finite = halves[np.isfinite(halves)]
ties = (finite + np.nextafter(finite.astype(np.float16), np.float16(np.inf)).astype(np.float32)) / 2
x = np.concatenate([halves, ties, np.float32([65519.99, 65520, 1e9, 1e-9, -1e-9, 3e-8])])
if mode == "prepare":
    np.save(os.path.join(directory, "x.npy"), x)
    sys.exit()
with np.errstate(over="ignore"):
    expected = x.astype(np.float16)
for name in ("v2", "v3"):
    results = np.load(os.path.join(directory, name + ".npz"))
    np.testing.assert_array_equal(results["0"], expected)
    np.testing.assert_array_equal(results["1"], expected.astype(np.float32))
