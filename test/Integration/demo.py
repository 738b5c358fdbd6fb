"""'./dev demo': a real model from archive to native code, beside LibTorch.

demo.py [model]     one of models.py, ResNet-18 when none is named
"""

import glob
import os
import subprocess
import sys
import time

import models
import torch

import wick
from wick import bench, verify
from wick._compile import find_compiler


def step(text):
    print(f"\n-- {text}", flush=True)


def megabytes(path):
    return f"{os.path.getsize(path) / 1e6:.1f} MB"


def timed(function, *arguments):
    start = time.perf_counter()
    result = function(*arguments)
    return result, time.perf_counter() - start


def library(folder, pattern):
    return next(iter(sorted(glob.glob(os.path.join(folder, pattern)))), None)


def main():
    name = sys.argv[1] if len(sys.argv) > 1 else "resnet18"
    if name not in models.MODELS:
        sys.exit(f"demo: unknown model '{name}', expected one of {', '.join(models.MODELS)}")
    kind = models.MODELS[name].kinds[-1]
    step(f"{name}: the TorchScript archive, by torch.jit.{kind}")
    archive, inputs = models.archive(name, kind), models.inputs_path(name)
    arguments = verify.load_example(inputs)
    print(f"{archive}, {megabytes(archive)}")

    text, artifact = archive[:-3] + ".mlir", archive[:-3] + ".wick"
    step("wick import: the archive as MLIR, weights by reference")
    _, seconds = timed(lambda: subprocess.run([find_compiler(), "import", archive, "-o", text], check=True))
    print(f"{text}, {megabytes(text)}, {seconds:.1f} s")

    step("wick compile: native code")
    _, seconds = timed(verify.compile_archive, archive, artifact, verify.signature(arguments))
    print(f"{artifact}, {megabytes(artifact)}, {seconds:.1f} s")

    step("wick verify: agreement with LibTorch")
    differences = verify.verify(archive, arguments, artifact=artifact)
    verify.print_differences(differences)

    step("latency, one thread, engines taking turns")
    bench.pin()
    _, load_seconds = timed(wick.load, artifact)
    module, torch_seconds = timed(torch.jit.load, archive)
    engines = {
        "wick": bench.wick_engine(artifact, arguments),
        "torchscript": bench.torchscript_engine(archive, arguments),
        "optimized": bench.torchscript_engine(archive, arguments, optimize=True),
    }
    best = bench.measure(engines)
    bench.print_table([{"model": name, **best}], list(engines))

    runtime = library(os.path.dirname(find_compiler()) + "/../lib", "libwick_runtime.so.*")
    libtorch = library(os.path.join(os.path.dirname(torch.__file__), "lib"), "libtorch_cpu.so")
    step("what a program that runs the model needs")
    print(f"{'':10}{'Wick':>14}{'LibTorch':>14}")
    print(f"{'library':10}{megabytes(runtime) if runtime else '-':>14}{megabytes(libtorch) if libtorch else '-':>14}")
    print(f"{'model':10}{megabytes(artifact):>14}{megabytes(archive):>14}")
    print(f"{'load':10}{load_seconds * 1e3:>11.1f} ms{torch_seconds * 1e3:>11.1f} ms")
    if any(difference.reason for difference in differences):
        sys.exit("demo: the results differ")


if __name__ == "__main__":
    main()
