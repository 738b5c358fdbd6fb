"""Sizes and numbers that do not fit, which raise what LibTorch raises or give what LibTorch gives.

A row of a table in misfits/<family>.py is an expression over the arguments x, y, z, w and others that are named, their
types, and one string for each set of arguments, separated by ';':

    ("x.narrow(0, n, 2) + y", "f32[A,3]; f32[?,3]; int n", "4,3; 2,3; 1", "4,3; 1,3; 3")

    f32[A,?,4]    letters are sizes that the signature names, '?' ones that only a slice in the method tells
    4,3    a tensor of this shape; flags as for a case of cases/*.py may follow, as in 4,3+ or 5<10
    [[0, 2]], 1, 2**40, float('nan')    what Python reads: a tensor's elements, or a number

The rows are compiled twice: each with its signature and, for each set, with the sizes and numbers of that set as
constants. Results, what was raised, and what arguments hold afterwards are compared. Wick runs in a child process, for
nothing that is wrong with an argument may end it.
"""

import collections
import contextlib
import importlib.util
import os
import pickle
import re
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
wick = pytest.importorskip("wick")

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE / "programs")]
import execute  # noqa: E402
import harness  # noqa: E402

from wick._compile import find_compiler  # noqa: E402

Parameter = collections.namedtuple("Parameter", ["name", "kind", "dims"])  # dims is None for numbers


def parse(signature):
    tensors = iter(harness.NAMES)
    for part in filter(None, (part.strip() for part in signature.split(";"))):
        tensor = re.fullmatch(r"(\w+)\[(.*)\]", part)
        if tensor:
            yield Parameter(next(tensors), tensor[1], [dim for dim in tensor[2].split(",") if dim])
        else:
            kind, name = part.split()
            yield Parameter(name, kind, None)


def make_argument(parameter, text):
    if parameter.dims is None:
        return eval(text)
    if re.fullmatch(r"[\d,]*(\+|01|!|<\d+)?", text):
        shape, flag = re.fullmatch(r"([\d,]*?)(\+|(?<=\d)01|!|<\d+)?", text).groups()
        return harness.make_argument(f"{parameter.kind}[{shape}]{flag or ''}")
    return torch.tensor(eval(text), dtype=harness.DTYPES[parameter.kind])


class Method:
    """An expression with a signature, and what to call it with."""

    def __init__(self, name, expression, signature, sets, constant):
        self.name, self.expression, self.constant = name, expression, constant
        self.parameters = list(parse(signature))
        self.calls = []
        for texts in sets:
            torch.manual_seed(zlib.crc32((expression + texts).encode()))
            texts = texts.split(";") if self.parameters else []
            given = [make_argument(p, text.strip()) for p, text in zip(self.parameters, texts, strict=True)]
            given += [given[i].shape[dim] for i, dim in self.cut()]
            self.calls.append(given)

    def cut(self):
        """Dims whose sizes only run time tells, as pairs of a parameter and a dim."""
        if self.constant:
            return []
        return [(i, d) for i, p in enumerate(self.parameters) for d, dim in enumerate(p.dims or []) if dim == "?"]

    def source(self):
        declared = "".join(f", {p.name}: {p.kind if p.dims is None else 'Tensor'}" for p in self.parameters)
        lines = []
        for number, (i, dim) in enumerate(self.cut()):
            name = self.parameters[i].name
            declared += f", size{number}: int"
            lines.append(f"{name} = {name}[{':, ' * dim}:size{number}]")
        lines += self.expression.split("\n")
        lines[-1] = "return " + lines[-1]
        return f"def {self.name}(self{declared}):\n" + "".join(f"    {line}\n" for line in lines)

    def signature(self):
        options = []
        for parameter, value in zip(self.parameters, self.calls[0]):
            if parameter.dims is not None:
                dims = [f"{self.name}_{d}" if d.isalpha() else d for d in parameter.dims]
                sizes = map(str, value.shape) if self.constant else dims
                options += ["--input", f"{self.name}:{parameter.name}={'x'.join([*sizes, parameter.kind])}"]
            elif self.constant and type(value) in (int, bool):
                options += ["--input", f"{self.name}:{parameter.name}={value}"]
        return options

    def copies(self):
        return [[a.clone() if isinstance(a, torch.Tensor) else a for a in call] for call in self.calls]


def load_table(family):
    spec = importlib.util.spec_from_file_location(f"misfits.{family}", HERE / "misfits" / f"{family}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.MISFITS


def load_methods(family, constant):
    methods = []
    for number, (expression, signature, *sets) in enumerate(load_table(family)):
        if constant:
            for index, texts in enumerate(sets):
                methods.append(Method(f"m{number}_{index}", expression, signature, [texts], True))
        else:
            methods.append(Method(f"m{number}", expression, signature, sets, False))
    return methods


class Compiled:
    """The methods of a family, compiled together; `refused` are those that do not compile, with the messages."""

    def __init__(self, methods, folder):
        self.folder, self.refused = folder, {}
        while self.compile([method for method in methods if method.name not in self.refused]):
            pass

    def compile(self, methods):
        """Whether more methods are refused than before."""
        torch.jit._state._clear_class_state()
        torch.jit._recursive.concrete_type_store.type_store.clear()
        self.methods = methods
        module, source, names = torch.jit.ScriptModule(), "", []
        for method in methods:
            source += method.source()
            names += [method.name] * (source.count("\n") - len(names))
        module.define(source)
        archive, self.artifact = os.path.join(self.folder, "all.pt"), os.path.join(self.folder, "all.wick")
        module.save(archive)
        options = [option for method in methods for option in method.signature()]
        command = [find_compiler(), "compile", archive, "-o", self.artifact, "--late-errors", "-O", "0", *options]
        # Operators that LibTorch runs have to fit in as well.
        environment = {name: value for name, value in os.environ.items() if name != "WICK_NO_FALLBACK"}
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, env=environment)
        self.reference = torch.jit.load(archive)
        if done.returncode == 0:
            return False
        before = len(self.refused)
        for error in re.split(r"^(?=\S+: error: )", done.stderr, flags=re.MULTILINE):
            place, message = re.search(r"^<string>:(\d+):", error, re.MULTILINE), re.match(r"\S+: error: (.*)", error)
            if place and message:
                self.refused[names[int(place[1]) - 1]] = message[1]
        assert len(self.refused) > before, done.stderr[-3000:]
        return True

    def run(self):
        """For each method, outcomes of its calls with the arguments afterwards; fewer where a call ends the process."""
        found = {}
        while rest := [method for method in self.methods if method.name not in found]:
            self.run_in_child(rest, found)
        return found

    def run_in_child(self, methods, found):
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            torch.set_num_threads(1)  # the threads of the parent are not there
            with os.fdopen(write, "wb") as pipe:
                session = wick.load(self.artifact).session(time_limit=20)
                for method in methods:
                    for given in method.copies():
                        pickle.dump((method.name, execute.call(getattr(session, method.name), given), given), pipe)
                        pipe.flush()
            os._exit(0)
        os.close(write)
        done = 0
        with os.fdopen(read, "rb") as pipe, contextlib.suppress(EOFError):
            while True:
                name, outcome, given = pickle.load(pipe)
                found.setdefault(name, []).append((outcome, given))
                done += 1
        os.waitpid(child, 0)
        for method in methods:  # the one that ended it is not run again
            found.setdefault(method.name, [])
            done -= len(method.calls)
            if done < 0:
                break

    def compare(self):
        """For each method, a description of each call that differs from LibTorch's."""
        differences = {name: [f"refused: {message}"] for name, message in self.refused.items()}
        outcomes = self.run()
        for method in self.methods:
            found = differences[method.name] = []
            for number, (call, given) in enumerate(zip(method.calls, method.copies())):
                with torch.no_grad():
                    expected = execute.call(getattr(self.reference, method.name), given)
                if number >= len(outcomes[method.name]):
                    found.append(f"{call}: ends the process, expected {expected}")
                    break
                actual, changed = outcomes[method.name][number]
                text = describe(actual, expected) or "; ".join(execute.differences(changed, given, "arguments"))
                if text:
                    found.append(f"{call}: {text}")
        return differences


def describe(actual, expected):
    if actual[0] or expected[0]:
        return "" if actual == expected else f"{actual[1]}, expected {expected[1]}"
    return "; ".join(execute.differences(actual[1], expected[1], "value"))


FAMILIES = sorted(path.stem for path in (HERE / "misfits").glob("*.py"))


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """The methods of a family and how they differ."""
    made = {}

    def get(family, constant):
        if (family, constant) not in made:
            methods = load_methods(family, constant)
            made[family, constant] = Compiled(methods, str(tmp_path_factory.mktemp(family))).compare()
        return made[family, constant]

    return get


@pytest.mark.parametrize(
    ("family", "constant", "row"),
    [
        pytest.param(family, constant, row, id=f"{family}-{'static' if constant else 'varying'}-{expression}")
        for family in FAMILIES
        for constant in (False, True)
        for row, (expression, *_) in enumerate(load_table(family))
    ],
)
def test_misfit(compared, family, constant, row):
    expression, signature, *_ = load_table(family)[row]
    found = [
        text for name, texts in compared(family, constant).items() if name.split("_")[0] == f"m{row}" for text in texts
    ]
    assert not found, f"{expression} ({signature}):\n" + "\n".join(found)
