"""Every case of cases/*.py, with static and with varying sizes."""

import importlib.util
import os
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
harness = pytest.importorskip("harness")


def families():
    for file in sorted(os.listdir(os.path.join(HERE, "cases"))):
        name, extension = os.path.splitext(file)
        if extension == ".py":
            spec = importlib.util.spec_from_file_location(f"cases.{name}", os.path.join(HERE, "cases", file))
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            yield name, (harness.load_cases(module.CASES), getattr(module, "FIXED", ""))


FAMILIES = dict(families())
PARAMETERS = [
    pytest.param(family, varying, case, id=f"{family}-{'varying' if varying else 'static'}-{case.id}")
    for family, (cases, _) in FAMILIES.items()
    for varying in (False, True)
    for case in cases
]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    cache = {}

    def get(family, varying):
        if (family, varying) not in cache:
            folder = str(tmp_path_factory.mktemp(family))
            cases, fixed = FAMILIES[family]
            cache[family, varying] = harness.Compiled(cases, varying, folder, fixed)
        return cache[family, varying]

    return get


@pytest.mark.parametrize(("family", "varying", "case"), PARAMETERS)
def test_operator(compiled, family, varying, case):
    compiled(family, varying).check(case)
