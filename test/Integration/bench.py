"""'./dev bench': latency of the models beside eager PyTorch, TorchScript and ONNX Runtime, one thread, taking turns.

    bench.py [model…] [--seconds S] [--json FILE]

Then of programs - loops on numbers, containers, strings and tensors, see loops.py - beside LibTorch's interpreter, and of
one call from C. A model that does not compile is named and left out of the table.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time

import loops
import models
import torch

from wick import bench, verify
from wick._compile import find_compiler

ENGINES = ("wick", "eager", "torchscript", "optimized", "onnxruntime")
LOOP_ENGINES = ("wick", "torchscript", "wick from C")


def onnx_path(name, module, arguments):
    """The model as ONNX, exported once and kept beside the archives."""
    path = os.path.join(models.CACHE, f"{name}.{models.version()}.onnx")
    if not os.path.exists(path):
        bench.export_onnx(module, arguments, path + ".new")
        os.replace(path + ".new", path)
    return path


def measure(name, seconds):
    kind = models.MODELS[name].kinds[-1]
    archive, inputs = models.archive(name, kind), models.inputs_path(name)
    artifact = os.path.join(models.CACHE, f"{name}.bench.wick")
    arguments = verify.load_example(inputs)
    start = time.perf_counter()
    verify.compile_archive(archive, artifact, verify.signature(arguments))
    row = {"model": name, "compile_seconds": time.perf_counter() - start}
    module, _ = models.build(name)
    makers = {
        "wick": lambda: bench.wick_engine(artifact, arguments),
        "eager": lambda: bench.without_gradients(module, arguments),
        "torchscript": lambda: bench.torchscript_engine(archive, arguments),
        "optimized": lambda: bench.torchscript_engine(archive, arguments, optimize=True),
        "onnxruntime": lambda: bench.onnxruntime_engine(onnx_path(name, module, arguments), arguments),
    }
    engines = {}
    for engine, make in makers.items():
        try:
            engines[engine] = make()
            engines[engine]()
        except Exception as error:  # an engine that cannot take the model is left out, whatever it raises
            engines.pop(engine, None)
            print(f"note: {name}: {engine} is left out: {(str(error).strip() or repr(error)).splitlines()[-1]:.120}")
    row.update(bench.measure(engines, seconds))
    return row


def seconds_from_c(artifact, method, arguments):
    """The best latency of a call through the C interface, as wick-run measures it."""
    with tempfile.NamedTemporaryFile(suffix=".pt") as file:
        torch.save(arguments, file.name)
        program = os.path.join(os.path.dirname(find_compiler()), "wick-run")
        command = [program, artifact, "--method", method, "--input", file.name, "--time", "20000"]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(re.search(r"best ([\d.]+)", text).group(1)) / 1e6


def measure_loops(names, seconds):
    """Rows of programs, all of which are methods of one module."""
    archive, artifact = loops.archive(), os.path.join(models.CACHE, "loops.wick")
    verify.compile_archive(archive, artifact, loops.signature())
    reference = torch.jit.load(archive)
    rows = []
    for name in names:
        arguments = loops.PROGRAMS[name]()
        engines = {
            "wick": bench.wick_engine(artifact, arguments, name),
            "torchscript": bench.without_gradients(getattr(reference, name), arguments),
        }
        with torch.no_grad():
            wrong = [d for d in verify.compare(engines["wick"](), getattr(reference, name)(*arguments)) if d.reason]
        if wrong:
            raise RuntimeError(f"{name}: {wrong[0].path} {wrong[0].reason}")
        rows.append({"model": name, **bench.measure(engines, seconds)})
        if name == "stream":
            rows[-1]["wick from C"] = seconds_from_c(artifact, name, arguments)
    return rows


def main():
    parser = argparse.ArgumentParser(description="Measure the models beside other engines.")
    parser.add_argument("models", nargs="*", help="of models.py or loops.py; all when none are named")
    parser.add_argument("--seconds", type=float, default=10.0, help="time for all rounds of a model")
    parser.add_argument("--json", help="file to write the results to")
    parser.add_argument("--core", type=int, help="core to run on, the last when not given")
    options = parser.parse_args()
    known = [*models.MODELS, *loops.PROGRAMS]
    unknown = [name for name in options.models if name not in known]
    if unknown:
        parser.error(f"unknown model '{unknown[0]}', expected one of {', '.join(known)}")
    wanted = options.models or known
    bench.pin(options.core)
    rows = []
    for name in [name for name in wanted if name in models.MODELS]:
        try:
            rows.append(measure(name, options.seconds))
        except subprocess.CalledProcessError:
            print(f"note: {name} does not compile", flush=True)
            continue
        bench.print_table(rows[-1:], ENGINES)
    if rows:
        print()
        bench.print_table(rows, ENGINES)
        print("compile: " + ", ".join(f"{row['model']} {row['compile_seconds']:.1f} s" for row in rows))
    programs = [name for name in wanted if name in loops.PROGRAMS]
    if programs:
        programs = measure_loops(programs, min(options.seconds, 2.0))
        print()
        bench.print_table(programs, LOOP_ENGINES)
        rows += programs
    if options.json:
        bench.write_json(options.json, rows)
        print(f"written to {options.json}")
    return 0 if rows else 1


if __name__ == "__main__":
    sys.exit(main())
