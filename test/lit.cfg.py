# Configuration of the lit tests; paths of the build come from lit.site.cfg.py.
#
# Features, for `REQUIRES:`
#   torch    LibTorch's Python package is there: tests that make archives or compare with it
#   avx2, avx512, amx   the processor can run such code
import importlib.util
import os
import re

import lit.formats

config.name = "Wick"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.wick_build_dir, "test")
config.excludes = ["Inputs", "Standalone"]

# The tools under test first, then LLVM's FileCheck, not and split-file.
config.environment["PATH"] = os.path.pathsep.join(
    [os.path.join(config.wick_build_dir, "bin"), config.llvm_tools_dir, config.environment["PATH"]]
)
config.environment["WICK_TEST"] = "1"
config.environment["PYTHONPATH"] = os.path.join(config.wick_build_dir, "python")
config.substitutions.append(("%python", config.python))

if importlib.util.find_spec("torch"):
    config.available_features.add("torch")
try:
    with open("/proc/cpuinfo") as file:
        flags = re.search(r"^flags\s*:(.*)$", file.read(), re.MULTILINE).group(1).split()
except (OSError, AttributeError):
    flags = []
for feature, needed in (("avx2", {"avx2", "fma"}), ("avx512", {"avx512f", "avx512vl"}), ("amx", {"amx_tile"})):
    if needed <= set(flags):
        config.available_features.add(feature)
