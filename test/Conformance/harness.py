"""Compiles small TorchScript functions and compares them with LibTorch.

A case is a row of a table in cases/<family>.py: a name, an expression over the arguments x, y, z, w, and one string for
each set of arguments, separated by ';':

    ("add", "x + y", "f32[3,4]; f32[4]", "i64[2]; f32[2]")

    f32[3,4]     normal random numbers; integers are from -8 to 8, bool is either
    f32[3,4]+    positive: magnitudes, at least 0.1
    f32[3,4]01   between 0 and 1
    f32[3,4]!    with nan, infinities, both zeros and large numbers among them
    i64[5]<10    integers from 0 to 9
    int=3, float=0.5, bool=True    plain numbers

All cases of a family are methods of one archive, which is compiled twice, with static sizes and with sizes that vary:
dims of equal size above 1 share a name. The arguments named in a file's FIXED keep their sizes, as weights do. When such a module does not compile, its cases are compiled one by one, so that
a failure stands at its case.
"""

import os
import re
import subprocess
import zlib

import torch
import torchvision.ops  # noqa: F401 (registers operators)

import wick
from wick import verify
from wick._compile import find_compiler

DTYPES = {**verify.DTYPES, "c64": torch.complex64, "c128": torch.complex128}
NAMES = "xyzw"
EDGES = [float("nan"), float("inf"), -float("inf"), 0.0, -0.0, 1e30, -1e30, 1e-30, 88.8, -88.8, 0.5, -0.5, 1.5, 2.5]


def make_argument(spec):
    plain = re.fullmatch(r"(int|float|bool)=(.*)", spec)
    if plain:
        return {"int": int, "float": float, "bool": lambda text: text == "True"}[plain.group(1)](plain.group(2))
    match = re.fullmatch(r"(\w+)\[([\d,]*)\](\+|01|!|<\d+)?", spec)
    if not match or match.group(1) not in DTYPES:
        raise ValueError(f"cannot read the argument '{spec}'")
    dtype, flag = DTYPES[match.group(1)], match.group(3) or ""
    shape = [int(size) for size in match.group(2).split(",") if size]
    if flag.startswith("<"):
        return torch.randint(0, int(flag[1:]), shape, dtype=dtype)
    if dtype == torch.bool:
        return torch.rand(shape) < 0.5
    if not dtype.is_floating_point and not dtype.is_complex:
        low = 0 if dtype == torch.uint8 or flag == "+" else -8
        return torch.randint(low + (flag == "+"), 9, shape, dtype=dtype)
    wide = torch.complex128 if dtype.is_complex else torch.float64
    value = torch.rand(shape, dtype=wide) if flag == "01" else torch.randn(shape, dtype=wide)
    if flag == "+":
        value = value.abs() + 0.1
    if flag == "!":
        flat = value.flatten()
        for index in range(flat.numel()):
            if index % 2 == 0 or flat.numel() < 4:
                flat[index] = EDGES[(index // 2) % len(EDGES)]
        value = flat.reshape(shape)
    return value.to(dtype)


class Case:
    """One expression with one set of arguments."""

    def __init__(self, name, expression, spec, index):
        self.method = re.sub(r"\W", "_", f"{name}_{index}")
        self.id = f"{name}[{spec.replace('; ', ';')}]"
        self.expression = expression
        torch.manual_seed(zlib.crc32(self.id.encode()))
        self.arguments = [make_argument(part.strip()) for part in spec.split(";") if part.strip()]

    def source(self):
        kinds = {int: ": int", float: ": float", bool: ": bool"}
        parameters = "".join(f", {name}{kinds.get(type(a), '')}" for name, a in zip(NAMES, self.arguments))
        lines = self.expression.split("\n")
        lines[-1] = "return " + lines[-1]
        return f"def {self.method}(self{parameters}):\n" + "".join(f"    {line}\n" for line in lines)

    def signature(self, varying, fixed):
        """Options of `wick compile` for this method."""
        options = []
        for name, argument in zip(NAMES, self.arguments):
            if isinstance(argument, torch.Tensor):
                varies = varying and name not in fixed
                sizes = [f"D{size}" if varies and size > 1 else str(size) for size in argument.shape]
                dtype = next(key for key, value in DTYPES.items() if value == argument.dtype)
                options += ["--input", f"{self.method}:{name}={'x'.join([*sizes, dtype])}"]
        return options


def load_cases(table):
    return [
        Case(name, expression, spec, index) for name, expression, *specs in table for index, spec in enumerate(specs)
    ]


class Compiled:
    """The cases of a family, compiled together."""

    def __init__(self, cases, varying, folder, fixed=""):
        self.cases, self.varying, self.folder, self.fixed = cases, varying, folder, fixed
        self.module = None
        self.reference = torch.jit.load(self.save("all", cases))
        try:
            self.module = self.compile("all", cases)
        except subprocess.CalledProcessError:
            pass  # one by one, then

    def save(self, name, cases):
        # LibTorch keeps the classes it has made, and this would be one class with the methods of all.
        torch.jit._state._clear_class_state()
        torch.jit._recursive.concrete_type_store.type_store.clear()
        module = torch.jit.ScriptModule()
        for case in cases:
            module.define(case.source())
        path = os.path.join(self.folder, f"{name}.pt")
        module.save(path)
        return path

    def compile(self, name, cases):
        archive, artifact = os.path.join(self.folder, f"{name}.pt"), os.path.join(self.folder, f"{name}.wick")
        options = [option for case in cases for option in case.signature(self.varying, self.fixed)]
        command = [find_compiler(), "compile", archive, "-o", artifact, *options]
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=1200)
        return wick.load(artifact)

    def method(self, case):
        if self.module:
            return getattr(self.module, case.method)
        self.save(case.method, [case])
        try:
            return getattr(self.compile(case.method, [case]), case.method)
        except subprocess.CalledProcessError as error:
            raise AssertionError(f"does not compile:\n{error.stderr[-3000:]}") from None

    def check(self, case):
        copies = [a.clone() if isinstance(a, torch.Tensor) else a for a in case.arguments]
        with torch.no_grad():
            expected = getattr(self.reference, case.method)(*copies)
        actual = self.method(case)(*[a.clone() if isinstance(a, torch.Tensor) else a for a in case.arguments])
        for difference in verify.compare(actual, expected):
            assert not difference.reason, (
                f"{case.expression}: {difference.path} {difference.kind} {difference.reason}\n{actual}\n{expected}"
            )
