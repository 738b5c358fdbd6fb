"""Inputs and expectations of artifact.mlir."""

import os
import sys
import zipfile

import numpy as np

mode, directory = sys.argv[1:]
x = np.random.default_rng(1).standard_normal((7, 4)).astype(np.float32)
w = np.random.default_rng(2).standard_normal((4, 4)).astype(np.float32)

if mode == "prepare":
    np.save(os.path.join(directory, "x.npy"), x)
    with open(os.path.join(directory, "w.bin"), "wb") as file:
        file.write(b"\0" * 64 + w.tobytes())
    sys.exit()

results = np.load(os.path.join(directory, "y.npz"))
z = x @ w.T
np.testing.assert_allclose(results["1"], z, rtol=1e-5, atol=1e-6)
np.testing.assert_allclose(results["0"], np.tanh(z @ (w.T * w.T)), rtol=1e-5, atol=1e-5)

# The zip is one that other programs read, stored and aligned to pages.
path = os.path.join(directory, "model.wick")
with zipfile.ZipFile(path) as artifact, open(path, "rb") as file:
    assert artifact.testzip() is None
    names = artifact.namelist()
    assert names[0] == "manifest.json" and "code/x86-64-v3.so" in names and "sources.json" in names, names
    for info in artifact.infolist():
        assert info.compress_type == zipfile.ZIP_STORED, info
        file.seek(info.header_offset + 26)
        name, extra = np.frombuffer(file.read(4), "<u2")
        assert (info.header_offset + 30 + int(name) + int(extra)) % 4096 == 0, info
