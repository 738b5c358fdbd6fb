"""Compares the functions of lib/Prelude/*.py with the schemas of PyTorch's registry."""

import ast
import sys
from pathlib import Path

import torch
import torchvision.ops  # noqa: F401 (registers operators)


def function_name(schema):
    """As `getFunctionName` in lib/Prelude/Prelude.cpp."""
    space, base = schema.name.split("::")
    name = base if space == "aten" else f"{space}__{base}"
    return f"{name}__{schema.overload_name}" if schema.overload_name else name


SCHEMAS = {function_name(schema): schema for schema in torch._C._jit_get_all_schemas()}


def normalize(kind):
    """Annotations and schema types in one spelling."""
    kind = kind.replace("List[t]", "List[str]")  # strings stand for objects of any class
    kind = kind.replace("Optional[", "?[").replace("SymInt", "int").replace("number", "Scalar")
    return kind.replace("ScalarType", "int")


def check(function):
    schema = SCHEMAS.get(function.name) or SCHEMAS.get(f"{function.name}_")  # some work in place only
    if not schema:
        return "no operator has this name"
    arguments = function.args.args
    expected = [(a.name, normalize(a.type.annotation_str)) for a in schema.arguments]
    given = [(a.arg, normalize(ast.unparse(a.annotation))) for a in arguments]
    if given != expected:
        return f"arguments are {given}, expected {expected}"
    defaults = [None] * (len(arguments) - len(function.args.defaults)) + [
        ast.literal_eval(d) for d in function.args.defaults
    ]
    wanted = [a.default_value if a.has_default_value() else None for a in schema.arguments]
    if defaults != wanted:
        return f"defaults are {defaults}, expected {wanted}"
    results = [normalize(r.type.annotation_str) for r in schema.returns]
    result = "None" if not results else results[0] if len(results) == 1 else f"Tuple[{', '.join(results)}]"
    # A tensor that LibTorch may leave undefined is None.
    if ast.unparse(function.returns).replace("Optional[Tensor]", "Tensor") != result:
        return f"result is {ast.unparse(function.returns)}, expected {result}"
    return None


def main(directory):
    failures = count = 0
    for path in sorted(Path(directory).glob("*.py")):
        for function in ast.parse(path.read_text()).body:
            if function.name.startswith("_") and function.name not in SCHEMAS:
                continue
            count += 1
            if problem := check(function):
                failures += 1
                print(f"{path.name}:{function.lineno}: {function.name}: {problem}")
    print(f"{count} functions, {failures} wrong")
    return failures


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1]) else 0)
