"""Measures the latency of a compiled model beside other engines, in one process.

    python -m wick.bench model.pt --input 1x3x224x224xf32 --against torchscript,optimized,onnxruntime

`wick bench` calls this. All engines run one thread on one core and take turns: each round calls every engine, and the
best time of all rounds counts, so that what else the machine does hits all alike.

Engines: `torchscript` is the archive as LibTorch loads it, `optimized` the same frozen and optimised for inference,
`onnxruntime` an export of the archive, where the exporter can and the package is installed.

Needs torch; the rest of the package does not.
"""

import argparse
import json
import math
import os
import sys
import tempfile
import time

ENGINES = ("torchscript", "optimized", "onnxruntime")


def pin(core=None):
    """Runs this process on one core; engines are to be loaded after it."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1] if core is None else core})
    os.environ["WICK_NUM_THREADS"] = "1"
    import torch

    torch.set_num_threads(1)


def measure(engines, seconds=5.0, round_seconds=0.02):
    """Best seconds per call of each engine, a dict of functions without arguments.

    Rounds go on for `seconds` in all, at least five of them. In a round an engine is called for about `round_seconds`,
    at least once.
    """
    best, calls = {}, {}
    for name, call in engines.items():
        for _ in range(3):
            start = time.perf_counter()
            call()
            best[name] = time.perf_counter() - start
        calls[name] = max(1, int(round_seconds / best[name]))
    end, rounds = time.perf_counter() + seconds, 0
    while rounds < 5 or time.perf_counter() < end:
        for name, call in engines.items():
            repeat = range(calls[name])
            start = time.perf_counter()
            for _ in repeat:
                call()
            best[name] = min(best[name], (time.perf_counter() - start) / calls[name])
        rounds += 1
    return best


# --- engines ----------------------------------------------------------------------------------------------------------


def wick_engine(artifact, arguments, method="forward"):
    import wick

    call = wick.load(artifact).method(method)
    return lambda: call(*arguments)


def without_gradients(function, arguments):
    import torch

    def call():
        with torch.inference_mode():
            return function(*arguments)

    return call


def torchscript_engine(path, arguments, optimize=False):
    import torch

    module = torch.jit.load(path, map_location="cpu").eval()
    if optimize:
        module = torch.jit.optimize_for_inference(torch.jit.freeze(module))
    return without_gradients(module, arguments)


def onnxruntime_engine(path, arguments):
    """Of an .onnx file."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    feeds = {entry.name: argument.numpy() for entry, argument in zip(session.get_inputs(), arguments)}
    return lambda: session.run(None, feeds)


def export_onnx(module, arguments, path):
    """Exports a module or an archive's ScriptModule; raises what the exporter raises."""
    import warnings

    import torch

    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(module, arguments, path, dynamo=False, opset_version=17)


# --- results ----------------------------------------------------------------------------------------------------------


def text_of(seconds):
    return f"{seconds * 1e6:.2f} µs" if seconds < 1e-3 else f"{seconds * 1e3:.2f} ms"


def geomean(values):
    values = list(values)
    return math.exp(sum(map(math.log, values)) / len(values)) if values else float("nan")


def print_table(rows, engines, baseline="wick", file=sys.stdout):
    """`rows`: dicts with "model" and seconds by engine. Beside each time stands how many times `baseline`'s it is."""
    columns = [engine for engine in engines if any(engine in row for row in rows)]
    width = max([len(row["model"]) for row in rows] + [7])
    print(f"{'model':{width}}" + "".join(f"  {column:>18}" for column in columns), file=file)
    for row in rows:
        cells = []
        for column in columns:
            if column not in row:
                cells.append(f"{'-':>18}")
                continue
            ratio = f" {row[column] / row[baseline]:5.2f}x" if column != baseline and baseline in row else ""
            cells.append(f"{text_of(row[column]) + ratio:>18}")
        print(f"{row['model']:{width}}  " + "  ".join(cells), file=file)
    ratios = []
    for column in columns:
        both = [row[column] / row[baseline] for row in rows if column in row and baseline in row]
        ratios.append(f"{f'{geomean(both):.2f}x' if both and column != baseline else '':>18}")
    print(f"{'geomean':{width}}  " + "  ".join(ratios), file=file)


def write_json(path, rows):
    """Written whole or not at all."""
    with open(path + ".new", "w") as file:
        json.dump(rows, file, indent=1)
    os.replace(path + ".new", path)


def main(argv=None):
    parser = argparse.ArgumentParser(prog="wick bench", description="Measure a compiled model beside other engines.")
    parser.add_argument("archive", help="TorchScript archive")
    parser.add_argument("--artifact", help="artifact compiled from it; compiled now when not given")
    parser.add_argument("--example", help="file of arguments, saved with torch.save")
    parser.add_argument("--input", action="append", default=[], help="signature of an argument, as '1x3x224x224xf32'")
    parser.add_argument("--against", default=",".join(ENGINES), help=f"of {', '.join(ENGINES)}; separated by commas")
    parser.add_argument("--seconds", type=float, default=5.0, help="time for all rounds together")
    parser.add_argument("--core", type=int, help="core to run on, the last when not given")
    parser.add_argument("--json", help="file to write the result to")
    parser.add_argument("--compile-option", action="append", default=[], help="passed to 'wick compile'")
    options = parser.parse_args(argv)
    wanted = [name for name in options.against.split(",") if name]
    unknown = [name for name in wanted if name not in ENGINES]
    if unknown:
        parser.error(f"unknown engine '{unknown[0]}', expected {', '.join(ENGINES)}")
    if not options.example and not options.input:
        parser.error("expected --example or --input")

    import torch

    from wick.verify import compile_archive, load_example, random_tensor, signature

    try:
        sizes = {}
        if options.example:
            arguments = load_example(options.example)
        else:
            arguments = tuple(random_tensor(spec, sizes) for spec in options.input)
        with tempfile.TemporaryDirectory() as scratch:
            artifact = options.artifact or os.path.join(scratch, "model.wick")
            row = {"model": os.path.basename(options.archive)}
            if not options.artifact:
                start = time.perf_counter()
                specs = options.input or signature(arguments)
                compile_archive(options.archive, artifact, specs, options.compile_option)
                row["compile_seconds"] = time.perf_counter() - start
            pin(options.core)
            engines = {"wick": wick_engine(artifact, arguments)}
            for name in wanted:
                try:
                    if name == "onnxruntime":
                        path = os.path.join(scratch, "model.onnx")
                        export_onnx(torch.jit.load(options.archive).eval(), arguments, path)
                        engines[name] = onnxruntime_engine(path, arguments)
                    else:
                        engines[name] = torchscript_engine(options.archive, arguments, name == "optimized")
                except Exception as error:  # an engine that cannot take the model is left out, whatever it raises
                    print(f"note: {name} is left out: {str(error).strip().splitlines()[-1]:.120}", file=sys.stderr)
            row.update(measure(engines, options.seconds))
    except Exception as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print_table([row], ["wick", *wanted])
    if options.json:
        write_json(options.json, [row])
    return 0


if __name__ == "__main__":
    sys.exit(main())
