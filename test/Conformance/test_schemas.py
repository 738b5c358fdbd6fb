"""Holds the schemas and operand names of the aten ops, and the names of the language, against LibTorch's registry."""

import os
import sys

import pytest

torch = pytest.importorskip("torch")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tools", "scripts"))
op_status = pytest.importorskip("op_status")
language_reference = pytest.importorskip("language_reference")

REGISTRY = {
    schema.name + (f".{schema.overload_name}" if schema.overload_name else ""): [a.name for a in schema.arguments]
    for schema in torch._C._jit_get_all_schemas()
}


@pytest.mark.parametrize("family", op_status.families())
def test_schemas_exist(family):
    unknown = [name for schemas, _ in op_status.operators(family).values() for name in schemas if name not in REGISTRY]
    assert not unknown


@pytest.mark.parametrize("family", op_status.families())
def test_operands_are_named_as_arguments(family):
    """The importer matches operands to arguments by name: one that no schema has would never be given."""
    wrong = []
    for op, (schemas, operands) in op_status.operators(family).items():
        arguments = {argument for name in schemas for argument in REGISTRY.get(name, [])}
        wrong += [f"{op}: {operand}" for operand in operands if operand not in arguments]
    assert not wrong


def test_one_op_for_a_schema():
    seen = {}
    for family in op_status.families():
        for op, (schemas, _) in op_status.operators(family).items():
            for name in schemas:
                assert seen.setdefault(name, op) == op, f"'{name}' has two ops, {seen[name]} and {op}"


def test_the_language_has_what_the_compiler_knows(build_dir):
    """A rule or function of the runtime for a name that no operator has would never be used."""
    registered, operators = language_reference.find_homes(
        torch._C._jit_get_all_schemas(), os.path.join(build_dir, "bin", "wick-opt")
    )
    own = {name for name in registered if name.startswith("wick::")}  # which the compiler writes
    names = {name.split(".")[0] for name in REGISTRY} | own
    assert not [name for name, homes in registered.items() if homes != {"form"} and name not in names]
    assert "wick::list_to_tensor" in own
    assert {"rule", "runtime"} <= operators["aten::len"][1] and "prelude" in operators["aten::divmod"][1]
