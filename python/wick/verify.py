"""Compares a compiled model with LibTorch on the same inputs.

    python -m wick.verify model.pt --example inputs.pt      # inputs saved with torch.save, a tuple of arguments
    python -m wick.verify model.pt --input 1x3xHxWxf32      # random inputs of that signature
    python -m wick.verify model.pt --artifact model.wick --example inputs.pt
    python -m wick.verify --signature --example inputs.pt   # the types of these inputs, for 'wick compile --input'

`wick verify` calls this. For each output it prints the worst absolute error and the worst error relative to the largest
magnitude of the reference. Outputs agree within tolerances of their dtype, or when Wick's lies as near to a computation
in float64 as LibTorch's. The exit code is 0 when all outputs agree, 1 when one does not, 2 when the comparison could not
be made.

Needs torch; the rest of the package does not.
"""

import argparse
import dataclasses
import enum
import os
import re
import subprocess
import sys
import tempfile

import torch

import wick
from wick._compile import find_compiler

# Tolerances by dtype, relative to an element and (absolute) to the largest magnitude of its tensor, at least 1. Sums of
# thousands of products are rounded in another order than LibTorch's, which is what the absolute part allows for.
TOLERANCES = {
    torch.float64: (1e-10, 1e-12),
    torch.float32: (1e-4, 1e-5),
    torch.float16: (1e-2, 2e-3),
    torch.bfloat16: (2e-2, 2e-2),
    torch.complex64: (1e-4, 1e-5),
    torch.complex128: (1e-10, 1e-12),
}


@dataclasses.dataclass
class Difference:
    """How one output compares; `reason` is empty when it agrees."""

    path: str
    kind: str
    absolute: float = 0.0
    relative: float = 0.0
    reason: str = ""
    note: str = ""


def compare_tensors(path, actual, expected, tolerance=None):
    kind = f"{str(expected.dtype).removeprefix('torch.')}{list(expected.shape)}"
    difference = Difference(path, kind)
    if not isinstance(actual, torch.Tensor):
        difference.reason = f"is {type(actual).__name__}, expected a tensor"
    elif actual.dtype != expected.dtype:
        difference.reason = f"has dtype {actual.dtype}, expected {expected.dtype}"
    elif actual.shape != expected.shape:
        difference.reason = f"has shape {list(actual.shape)}, expected {list(expected.shape)}"
    elif not expected.numel():
        pass
    elif expected.dtype not in TOLERANCES:
        wrong = int((actual != expected).sum())
        if wrong:
            difference.absolute = float((actual.double() - expected.double()).abs().max())
            difference.reason = f"{wrong} of {expected.numel()} elements differ"
    else:
        wide = torch.complex128 if expected.is_complex() else torch.float64
        a, e = actual.detach().to(wide), expected.detach().to(wide)
        finite = torch.isfinite(e)
        scale = float(e[finite].abs().max()) if finite.any() else 0.0
        errors = (a - e)[finite].abs()
        if errors.numel():
            difference.absolute = float(errors.max())
            difference.relative = difference.absolute / scale if scale else difference.absolute
        relative, absolute = tolerance or TOLERANCES[expected.dtype]
        close = torch.isclose(a, e, rtol=relative, atol=absolute * max(1.0, scale), equal_nan=True)
        if not close.all():
            difference.reason = f"{int((~close).sum())} of {expected.numel()} elements differ"
    return difference


def compare(actual, expected, path="result", tolerance=None):
    """Differences of all leaves of two nested results, in order. `tolerance` is (relative, absolute)."""
    if isinstance(expected, torch.Tensor):
        return [compare_tensors(path, actual, expected, tolerance)]
    kind = type(expected).__name__
    if isinstance(expected, (list, tuple)):
        if not isinstance(actual, (list, tuple)) or len(actual) != len(expected):
            return [Difference(path, kind, reason=f"is {actual!r:.60}, expected {len(expected)} elements")]
        pairs = [(f"{path}[{i}]", a, e) for i, (a, e) in enumerate(zip(actual, expected))]
    elif isinstance(expected, dict):
        if not isinstance(actual, dict) or list(actual) != list(expected):
            return [Difference(path, kind, reason=f"is {actual!r:.60}, expected the keys {list(expected)}")]
        pairs = [(f"{path}[{key!r}]", actual[key], expected[key]) for key in expected]
    elif hasattr(expected, "__dict__") and not isinstance(expected, enum.Enum):
        if type(actual) is not type(expected) or vars(actual).keys() != vars(expected).keys():
            return [Difference(path, kind, reason=f"is {actual!r:.60}, expected the attributes {list(vars(expected))}")]
        pairs = [(f"{path}.{name}", vars(actual)[name], held) for name, held in vars(expected).items()]
    else:
        same = type(actual) is type(expected) and (actual == expected or (actual != actual and expected != expected))
        if isinstance(expected, float) and isinstance(actual, float) and not same:
            same = abs(actual - expected) <= 1e-6 * max(1.0, abs(expected))
        return [Difference(path, kind, reason="" if same else f"is {actual!r:.60}, expected {expected!r:.60}")]
    return [difference for name, a, e in pairs for difference in compare(a, e, name, tolerance)]


def is_as_accurate(actual, expected, exact):
    """Whether a result lies as near to `exact`, computed in float64, as LibTorch's does.

    Where a model amplifies the rounding of its first layers, two correct results differ by more than a fixed tolerance:
    the measure is then how much LibTorch's own result is off. Nested results count as a whole.
    """
    if isinstance(expected, torch.Tensor):
        if not expected.is_floating_point() or not torch.isfinite(expected).all():
            return torch.equal(actual, expected)
        errors = [float((t.double() - exact.double()).abs().max()) if t.numel() else 0.0 for t in (actual, expected)]
        return errors[0] <= 2 * errors[1]
    if isinstance(expected, (list, tuple)):
        return all(is_as_accurate(a, e, x) for a, e, x in zip(actual, expected, exact))
    if isinstance(expected, dict):
        return all(is_as_accurate(actual[key], expected[key], exact[key]) for key in expected)
    return actual == expected


# --- inputs -----------------------------------------------------------------------------------------------------------

DTYPES = {
    "f64": torch.float64,
    "f32": torch.float32,
    "f16": torch.float16,
    "bf16": torch.bfloat16,
    "i64": torch.int64,
    "i32": torch.int32,
    "i16": torch.int16,
    "i8": torch.int8,
    "ui8": torch.uint8,
    "u8": torch.uint8,
    "i1": torch.bool,
    "bool": torch.bool,
}


def random_tensor(spec, sizes):
    """A tensor of a signature like '1x3xHxWxf32'; `sizes` gives and keeps the sizes of names, which tie equal dims."""
    *dims, name = re.sub(r"^(\w+:)?(\w+=)?", "", spec).split("x")
    if name not in DTYPES:
        raise ValueError(f"unknown dtype '{name}' in '{spec}', expected one of {', '.join(DTYPES)}")
    shape = []
    for dim in dims:
        if dim.isdigit():
            shape.append(int(dim))
        else:
            # Small and unlike each other, so that dims that are mixed up are noticed.
            size = sizes.get(dim) or (2, 3, 5, 7, 11, 13)[len(sizes) % 6]
            shape.append(sizes.setdefault(dim if dim != "?" else f"?{len(sizes)}", size))
    dtype = DTYPES[name]
    if dtype == torch.bool:
        return torch.rand(shape) < 0.5
    return torch.randn(shape).to(dtype) if dtype.is_floating_point else torch.randint(0, 8, shape, dtype=dtype)


def load_example(path):
    """Arguments saved with torch.save: a tuple or list of them, or a single tensor."""
    example = torch.load(path, map_location="cpu", weights_only=True)
    return tuple(example) if isinstance(example, (list, tuple)) else (example,)


def signature(arguments, method=""):
    """The types of example arguments as `wick compile --input` takes them."""
    names = {dtype: name for name, dtype in reversed(DTYPES.items())}
    tensors = [argument for argument in arguments if isinstance(argument, torch.Tensor)]
    prefix = f"{method}:" if method else ""
    return [prefix + "x".join([*map(str, tensor.shape), names[tensor.dtype]]) for tensor in tensors]


def compile_archive(path, output, signature=(), options=()):
    """Runs `wick compile`; its diagnostics go to the caller's standard error."""
    inputs = [option for spec in signature for option in ("--input", spec)]
    subprocess.run([find_compiler(), "compile", path, "-o", output, *inputs, *options], check=True)


def reference(path, method, arguments, dtype=None):
    """LibTorch's result, and the arguments as the call leaves them. `dtype`: all that is floating point in that dtype."""
    module = torch.jit.load(path, map_location="cpu").eval()
    copies = [a.clone() if isinstance(a, torch.Tensor) else a for a in arguments]
    if dtype:
        module.to(dtype)
        copies = [a.to(dtype) if isinstance(a, torch.Tensor) and a.is_floating_point() else a for a in copies]
    with torch.no_grad():
        return getattr(module, method)(*copies), copies


def verify(archive, arguments, *, artifact=None, method="forward", options=(), tolerance=None):
    """Compares one call. Arguments the method writes to are compared too. Returns a list of Difference."""
    expected, expected_arguments = reference(archive, method, arguments)
    with tempfile.TemporaryDirectory() as scratch:
        if artifact is None:
            artifact = os.path.join(scratch, "model.wick")
            compile_archive(archive, artifact, signature(arguments), options)
        module = wick.load(artifact)
        copies = [a.clone() if isinstance(a, torch.Tensor) else a for a in arguments]
        actual = module.method(method)(*copies)
    differences = compare(actual, expected, tolerance=tolerance)
    for index, (a, e) in enumerate(zip(copies, expected_arguments)):
        if isinstance(e, torch.Tensor) and not torch.equal(torch.nan_to_num(e), torch.nan_to_num(arguments[index])):
            differences += compare(a, e, f"argument {index}", tolerance)
    if not tolerance and any(d.reason.endswith("elements differ") for d in differences):
        try:
            exact, _ = reference(archive, method, arguments, torch.float64)
            accurate = is_as_accurate(actual, expected, exact)
        except Exception:  # a model that computes in float32 whatever it is given
            accurate = False
        if accurate:
            for d in differences:
                if d.reason:
                    d.reason, d.note = "", f"as near to float64 as LibTorch ({d.reason} from LibTorch's)"
    return differences


def print_differences(differences, file=sys.stdout):
    width = max((len(d.path) for d in differences), default=0)
    for d in differences:
        verdict = f"DIFFERS: {d.reason}" if d.reason else f"ok, {d.note}" if d.note else "ok"
        print(f"{d.path:{width}}  {d.kind:24}  abs {d.absolute:.2e}  rel {d.relative:.2e}  {verdict}", file=file)


def main(argv=None):
    parser = argparse.ArgumentParser(prog="wick verify", description="Compare a compiled model with LibTorch.")
    parser.add_argument("archive", nargs="?", help="TorchScript archive")
    parser.add_argument("--artifact", help="artifact compiled from it; compiled now when not given")
    parser.add_argument("--signature", action="store_true", help="print the example's types as --input takes them")
    parser.add_argument("--example", action="append", default=[], help="file of arguments; may be repeated")
    parser.add_argument("--input", action="append", default=[], help="signature of an argument, as '1x3xHxWxf32'")
    parser.add_argument("--method", default="forward")
    parser.add_argument("--seed", type=int, default=0, help="of the random inputs")
    parser.add_argument("--rtol", type=float, help="relative tolerance of an element, by dtype when not given")
    parser.add_argument("--atol", type=float, help="absolute tolerance, times the largest magnitude of the output")
    parser.add_argument("--compile-option", action="append", default=[], help="passed to 'wick compile'")
    options = parser.parse_args(argv)
    if not options.archive and not options.signature:
        parser.error("expected an archive")
    torch.manual_seed(options.seed)
    tolerance = None
    if options.rtol is not None or options.atol is not None:
        tolerance = (options.rtol or 0.0, options.atol or 0.0)
    try:
        calls = [(path, load_example(path)) for path in options.example]
        if not calls:
            sizes = {}
            calls = [("random inputs", tuple(random_tensor(spec, sizes) for spec in options.input))]
        if options.signature:
            print("\n".join(signature(calls[0][1])))
            return 0
        worst = 0
        with tempfile.TemporaryDirectory() as scratch:
            artifact = options.artifact
            if artifact is None:
                artifact = os.path.join(scratch, "model.wick")
                specs = options.input or signature(calls[0][1])
                compile_archive(options.archive, artifact, specs, options.compile_option)
            for name, arguments in calls:
                differences = verify(
                    options.archive, arguments, artifact=artifact, method=options.method, tolerance=tolerance
                )
                print(f"{options.archive}: {options.method}, {name}")
                print_differences(differences)
                worst = max(worst, int(any(d.reason for d in differences)))
        return worst
    except subprocess.CalledProcessError as error:
        # The compiler has said why.
        return error.returncode if error.returncode > 1 else 2
    except (OSError, RuntimeError, ValueError, TypeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
