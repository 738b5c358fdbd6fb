# Configuration of the lit tests; paths of the build come from lit.site.cfg.py.
import os

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
config.substitutions.append(("%python", config.python))
