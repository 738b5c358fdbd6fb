"""Programs that a Python test suite runs in TorchScript, captured as archives and compared in Wick and LibTorch.

    captured.py record --out DIR [--number N] FILE…     run the unittest FILEs; keep the calls of scripted functions
    captured.py compare DIR [--sample N --seed S] [--calls all|first|later] [--fallback] [--only REGEX] [-o TABLE]

`record` runs the tests of each file in a process of its own and keeps, for every call from Python into a function or
method that LibTorch compiled, DIR/<file>/<Test>.<test>.<number>/ with model.pt, as it was before the call, and call.pt,
(method, args, kwargs). PyTorch's own test/jit is what this was written for: its tests hold what the language can say.

`compare` loads each archive in LibTorch and in Wick, just in time, calls both, and compares results, arguments that
were changed, and what was raised. It prints a line for each call that is not equal and writes all outcomes to TABLE.
Calls that LibTorch itself cannot load or run from the archive are not counted. Each runs in a process of its own.
"""

import argparse
import collections
import contextlib
import copy
import io
import os
import pathlib
import pickle
import random
import re
import signal
import subprocess
import sys
import time
import warnings

# What LibTorch says of an archive, or of what it gave a call, that it cannot run in a process without the test's classes.
INVALID = re.compile(r"INTERNAL ASSERT|Unknown (type|builtin|reference to ScriptClass)|failed to|isn't a|not defined")
# Where the class of an object was compiled, which nothing but LibTorch has.
UNIT = re.compile(r" \(of Python compilation unit at: 0x[0-9a-f]+\)")

# Outcomes that count, and among them those that are right.
RIGHT = ("equal", "raises")
COUNTED = (*RIGHT, "differs", "exception", "refused", "crash", "hang")
SECONDS = 120

# --- recording --------------------------------------------------------------------------------------------------------


class Recorder:
    """Keeps the calls that reach compiled functions from Python, not those that these make among themselves."""

    def __init__(self, folder, calls):
        self.folder, self.calls = pathlib.Path(folder), calls
        self.test, self.number, self.kept, self.depth = None, 0, 0, 0
        self.lost = collections.Counter()

    def install(self):
        import torch

        for kind, save in (
            (torch._C.ScriptFunction, lambda f: (f.save_to_buffer(), "forward")),
            (torch._C.ScriptMethod, lambda m: (m.owner.save_to_buffer(), m.name)),
        ):
            kind.__call__ = self.wrapped(kind.__call__, save)

    def wrapped(self, original, save):
        def call(function, *args, **kwargs):
            if self.depth or self.test is None or self.number >= self.calls:
                return original(function, *args, **kwargs)
            self.depth += 1
            try:
                self.keep(function, save, args, kwargs)
            except Exception as error:  # what cannot be saved cannot be compared
                self.lost[f"{type(error).__name__}: {str(error)[:60]}"] += 1
            finally:
                self.depth -= 1
            return original(function, *args, **kwargs)

        return call

    def keep(self, function, save, args, kwargs):
        import torch

        archive, method = save(function)
        arguments = io.BytesIO()
        torch.save((method, args, kwargs), arguments)
        folder = self.folder / f"{self.test}.{self.number:02d}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "model.pt").write_bytes(archive)
        (folder / "call.pt").write_bytes(arguments.getvalue())
        self.number += 1
        self.kept += 1


def record_file(path, folder, calls):
    """Runs the tests of one file, in this process."""
    import importlib
    import unittest

    with contextlib.suppress(ImportError):  # without expecttest, which PyTorch's tests need
        from torch.testing._internal import common_utils

        # What PyTorch's own command line would set.
        common_utils.GRAPH_EXECUTOR = common_utils.ProfilingMode.PROFILING
    path = pathlib.Path(path).resolve()
    # PyTorch's files import each other from the folder of its tests.
    root = next((p for p in path.parents if (p / "test_jit.py").exists()), path.parent)
    sys.path[:0] = [str(root), str(path.parent)]
    os.chdir(root)
    recorder = Recorder(folder, calls)
    recorder.install()
    module = importlib.import_module(path.stem if path.parent == root else f"{path.parent.name}.{path.stem}")
    tests = unittest.defaultTestLoader.loadTestsFromModule(module)
    ran = 0

    def out_of_time(*_):
        raise TimeoutError(f"runs for more than {SECONDS} s")

    signal.signal(signal.SIGALRM, out_of_time)

    def walk(suite):
        for test in suite:
            if isinstance(test, unittest.TestSuite):
                yield from walk(test)
            elif type(test).__module__ == module.__name__:  # not those it imports from other files
                yield test

    for test in walk(tests):
        _, kind, name = test.id().rsplit(".", 2)
        recorder.test, recorder.number = f"{path.stem}/{kind}.{name}", 0
        signal.alarm(SECONDS)
        try:
            test.run(unittest.TestResult())
        except BaseException as error:  # the test's own affair
            print(f"{recorder.test}: {error}", file=sys.stderr)
        signal.alarm(0)
        recorder.test = None
        ran += 1
    print(f"{path.name}: {ran} tests, {recorder.kept} calls", flush=True)
    for reason, number in recorder.lost.most_common():
        print(f"  {number} not saved: {reason}", file=sys.stderr)


def record(options):
    for path in options.files:
        command = [sys.executable, os.path.abspath(__file__), "record", "--out", os.path.abspath(options.out)]
        command += ["--number", str(options.number), "--here", path]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace")
        sys.stdout.write(done.stdout if done.returncode == 0 else f"{path}: ended with {done.returncode}\n")
        if done.returncode:
            sys.stderr.write(done.stderr[-2000:])
        sys.stdout.flush()
    return 0


# --- comparing --------------------------------------------------------------------------------------------------------


def plain(value, like=None):
    """A value with Python's lists and dicts in the place of LibTorch's, which equal nothing, dicts with tensors for keys
    as lists of pairs, and modules as their class and the attributes that Wick's, in the same place of `like`, have."""
    import torch

    def inner(value, key):
        fits = isinstance(like, (list, tuple)) and key < len(like) or isinstance(like, dict) and key in like
        return plain(value, like[key] if fits else None)

    if isinstance(value, (list, torch._C.ScriptList)):
        return [inner(element, i) for i, element in enumerate(value)]
    if isinstance(value, dict) and any(isinstance(key, torch.Tensor) for key in value):  # which equal no others
        return [(key, inner(element, key)) for key, element in value.items()]
    if isinstance(value, (dict, torch._C.ScriptDict)):
        return {key: inner(value[key], key) for key in value}
    if type(value) is tuple:
        return tuple(inner(element, i) for i, element in enumerate(value))
    if hasattr(value, "_wick_name"):
        return {"class": value._wick_name} | {name: plain(held) for name, held in vars(value).items()}
    if isinstance(value, torch._C.ScriptObject) and hasattr(like, "_wick_name"):
        attributes = {name: plain(value.getattr(name), held) for name, held in vars(like).items()}
        return {"class": value._type().qualified_name()} | attributes
    return value


def compare_call(folder, fallback):
    """(kind, detail) of one captured call, in this process."""
    import execute
    import torch

    import wick

    path = os.path.join(folder, "model.pt")
    try:
        method, args, kwargs = torch.load(os.path.join(folder, "call.pt"), weights_only=False)
    except (ImportError, AttributeError, RuntimeError) as error:  # of classes that the test's process had
        return "invalid", f"{type(error).__name__}: {error}"
    given = [copy.deepcopy((args, kwargs)) for _ in range(3)]

    def run(model, given):
        of_torch = isinstance(model, torch.jit.ScriptModule)
        (torch if of_torch else model).manual_seed(0)
        function = (model._c._get_method if of_torch else model.method)(method)
        raised, result = execute.call(lambda *args: function(*args, **given[1]), given[0])
        return raised, (result[0], UNIT.sub("", result[1])) if raised else result

    try:
        with torch.no_grad():
            raised, expected = run(torch.jit.load(path), given[0])
    except Exception as error:
        return "invalid", f"{type(error).__name__}: {error}"
    if raised and INVALID.search(expected[1]):
        return "invalid", expected[1]
    try:
        model = wick.compile(path, inputs=None, methods=[method], fallback=fallback)
    except wick.CompileError as error:
        return "refused", str(error)
    try:
        actual_raised, actual = run(model, given[1])
    except wick.CompileError as error:
        return "refused", str(error)
    if actual_raised and actual[0] == "CompileError":
        return "refused", actual[1]
    if raised or actual_raised:
        same = (raised, expected) == (actual_raised, actual)
        return ("raises", "") if same else ("exception", f"{actual!r}, expected {expected!r}")
    found = execute.differences(plain(actual), plain(expected, actual), "result")
    found += execute.differences(plain(list(given[1][0])), plain(list(given[0][0])), "arguments")
    if not found:
        return "equal", ""
    with torch.no_grad():  # what prints addresses, or the time, says nothing
        again = run(torch.jit.load(path), given[2])
    if not again[0] and execute.differences(plain(again[1]), plain(expected), "result"):
        return "invalid", "differs from call to call"
    return "differs", "; ".join(found[:3])


def in_a_child(folder, fallback):
    """The outcome of one call, from a fork of this process, which has loaded all that is needed."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.close(read)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        try:
            outcome = compare_call(folder, fallback)
        except BaseException as error:
            outcome = ("exception", f"{type(error).__name__}: {error}")
        with os.fdopen(write, "wb") as pipe:
            pickle.dump(outcome, pipe)
        os._exit(0)
    os.close(write)
    end = time.monotonic() + SECONDS
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
        if time.monotonic() > end:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            os.close(read)
            return "hang", f"more than {SECONDS} s"
        time.sleep(0.005)
    with os.fdopen(read, "rb") as pipe:
        text = pipe.read()
    if not text:
        return "crash", f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"exit code {status}"
    return pickle.loads(text)


def chosen(options):
    """The folders of the calls to compare, a sample of the tests with one call each."""
    root = pathlib.Path(options.folder)
    found = collections.defaultdict(list)
    for path in sorted(root.glob("*/*/call.pt")):
        name = f"{path.parent.parent.name}/{path.parent.name}"
        if re.search(options.only, name):
            found[name.rpartition(".")[0]].append(name)
    draw = random.Random(options.seed)
    names = []
    for calls in found.values():
        later = calls[1:]
        if options.calls == "all":
            names += calls
        elif options.calls == "first":
            names.append(calls[0])
        elif later:
            names.append(draw.choice(later))
    if options.sample and options.sample < len(names):
        names = sorted(draw.sample(names, options.sample))
    return names


def compare(options):
    warnings.simplefilter("ignore")
    # Loaded once, inherited by each child.
    import execute  # noqa: F401
    import numpy  # noqa: F401
    import torch

    import wick  # noqa: F401
    from wick import verify  # noqa: F401

    torch.set_num_threads(1)
    torch._C._set_graph_executor_optimize(False)
    names = [line.split()[0] for line in open(options.list)] if options.list else chosen(options)
    kinds, rows = collections.Counter(), []
    for name in names:
        kind, detail = in_a_child(os.path.join(options.folder, name), options.fallback)
        kinds[kind] += 1
        detail = detail.replace("\n", "\\n").replace("\t", " ")
        rows.append(f"{name}\t{kind}\t{detail}\n")
        if kind in COUNTED and kind not in RIGHT:
            print(f"{name}: {kind}: {detail[:300]}", flush=True)
        if options.table:
            pathlib.Path(options.table).write_text("".join(rows))
    counted = sum(kinds[kind] for kind in COUNTED)
    right = sum(kinds[kind] for kind in RIGHT)
    share = f"{100 * right / counted:.1f} %" if counted else "none"
    print(f"{right} of {counted} as LibTorch ({share}): " + ", ".join(f"{n} {kind}" for kind, n in kinds.most_common()))
    return 0 if right == counted else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="record|compare")
    command = commands.add_parser("record", help="run tests and keep the calls of what LibTorch compiled")
    command.add_argument("files", nargs="+", metavar="FILE")
    command.add_argument("--out", required=True, metavar="DIR")
    command.add_argument("--number", type=int, default=8, metavar="N", help="calls to keep of a test, at most")
    command.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    command.set_defaults(run=record)
    command = commands.add_parser("compare", help="call what was captured in LibTorch and in Wick")
    command.add_argument("folder", metavar="DIR")
    command.add_argument("--sample", type=int, metavar="N", help="of so many tests, drawn with --seed")
    command.add_argument("--seed", type=int, default=0, metavar="S")
    command.add_argument("--calls", choices=("all", "first", "later"), default="first", help="which calls of a test")
    command.add_argument("--list", metavar="FILE", help="these calls: the first word of each line")
    command.add_argument("--only", default="", metavar="REGEX", help="of tests whose names match")
    command.add_argument("--fallback", action="store_true", help="let operators without a native home use LibTorch")
    command.add_argument("-o", dest="table", metavar="TABLE", help="all outcomes, separated by tabs")
    command.set_defaults(run=compare)
    options = parser.parse_args()
    if getattr(options, "here", False):
        return record_file(options.files[0], options.out, options.number)
    return options.run(options)


if __name__ == "__main__":
    sys.exit(main())
