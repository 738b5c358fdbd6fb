"""Programs with lists, dicts, strings, objects and state, against LibTorch: results, errors and the state they leave.

Each file of language/ holds one module, whose methods are compiled together, and a table CASES of the arguments to call
each with, with a SIGNATURE, or JUST_IN_TIME for what the arguments are; or CALLS in a row, which find what those before
left in the module. Where LibTorch raises, the compiled method must raise the same class and message, and go on working after.
"""

import concurrent.futures
import copy
import enum
import importlib.util
import pathlib
import re
import sys

import pytest

torch = pytest.importorskip("torch")
wick = pytest.importorskip("wick")

PROGRAMS = pathlib.Path(__file__).parent / "language"


def load(name, package="language"):
    spec = importlib.util.spec_from_file_location(f"{package}_{name}", PROGRAMS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where torch.jit.script looks for the text of classes
    spec.loader.exec_module(module)
    return module


def root_of(program):
    """The module of a file: the class that has its name."""
    name = program.__name__.partition("_")[2]
    return next(v for v in vars(program).values() if isinstance(v, type) and v.__name__.lower() == name)


FILES = {path.stem: load(path.stem) for path in sorted(PROGRAMS.glob("*.py"))}


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """The compiled and the original model of a file, made when they are first asked for."""
    made = {}

    def get(name):
        if name not in made:
            # Anew, under names of its own: other tests make LibTorch forget the classes that a file has scripted.
            program = FILES[name] = load(name, "scripted")
            path = tmp_path_factory.mktemp("language") / f"{name}.pt"
            torch.jit.save(torch.jit.script(root_of(program)()), str(path))
            signature = getattr(program, "SIGNATURE", None)
            called = dict.fromkeys(call[0] for call in getattr(program, "CALLS", ()))
            compiled = wick.compile(
                str(path),
                inputs=None if signature is not None or hasattr(program, "JUST_IN_TIME") else (),
                signature=signature,
                methods=list(called),
            )
            made[name] = (compiled, torch.jit.load(str(path)))
        return made[name]

    return get


def run(method, arguments):
    """The result, or class and message of what was raised, and the arguments as the call leaves them."""
    given = copy.deepcopy(list(arguments))
    return call(method, given), given


def call(method, arguments):
    try:
        return method(*arguments)
    except wick.Error as error:
        return error.class_name.rpartition(".")[2] or "RuntimeError", str(error.args[0]).strip()
    except Exception as error:  # LibTorch's text ends in the message
        text = str(error).strip()
        _, here, rest = text.rpartition("<--- HERE\n")
        raised = re.search(r"^[\w.]+: .*", rest, re.M | re.S) if here else None
        name, _, message = (raised[0] if raised else text.rpartition("\n")[2]).partition(":")
        return name.rpartition(".")[2], message.strip()


def same(got, expected, tolerance):
    if isinstance(expected, torch.Tensor):
        got = torch.as_tensor(got)
        assert got.dtype == expected.dtype and got.shape == expected.shape
        torch.testing.assert_close(got, expected, **{"equal_nan": True, **tolerance})
    elif isinstance(expected, (list, tuple)):
        assert isinstance(got, tuple if isinstance(expected, tuple) else list) and len(got) == len(expected)
        assert getattr(got, "_fields", None) == getattr(expected, "_fields", None)
        for a, b in zip(got, expected):
            same(a, b, tolerance)
    elif isinstance(expected, dict):
        assert list(got) == list(expected)
        for key in expected:
            same(got[key], expected[key], tolerance)
    elif isinstance(expected, float) and type(got) is float and tolerance:
        torch.testing.assert_close(torch.tensor(got), torch.tensor(expected), **{"equal_nan": True, **tolerance})
    elif isinstance(expected, complex) and isinstance(got, complex):  # signs of zeros included
        assert (repr(got.real), repr(got.imag)) == (repr(expected.real), repr(expected.imag))
    elif hasattr(expected, "__dict__") and not isinstance(expected, enum.Enum):
        assert type(got) is type(expected) and vars(got).keys() == vars(expected).keys()
        for key in vars(expected):
            same(vars(got)[key], vars(expected)[key], tolerance)
    else:
        assert type(got) is type(expected) and (got == expected or (got != got and expected != expected)), (
            got,
            expected,
        )


@pytest.mark.parametrize(
    "name,method", [(name, method) for name, file in FILES.items() for method in getattr(file, "CASES", ())]
)
def test_program(name, method, models):
    compiled, original = models(name)
    for arguments in FILES[name].CASES[method]:
        tolerance = getattr(FILES[name], "TOLERANCE", {})
        same(run(getattr(compiled, method), arguments), run(getattr(original, method), arguments), tolerance)


@pytest.mark.parametrize("name", [name for name, file in FILES.items() if hasattr(file, "CALLS")])
def test_calls_in_a_row(name, models):
    compiled, original = models(name)
    tolerance = getattr(FILES[name], "TOLERANCE", {})
    for method, *arguments in FILES[name].CALLS:
        with torch.no_grad():
            expected = run(getattr(original, method), arguments)
        same(run(getattr(compiled, method), arguments), expected, tolerance)


@pytest.mark.parametrize("name", [name for name, file in FILES.items() if hasattr(file, "CALLS")])
def test_sixteen_sessions_at_once(name, models):
    """Each session gives what one gives alone, whatever the others do."""
    compiled, _ = models(name)

    def calls(session):
        return [run(getattr(session, method), arguments) for method, *arguments in FILES[name].CALLS]

    expected = calls(compiled.session())
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        for results in pool.map(calls, [compiled.session() for _ in range(16)]):
            same(results, expected, {"rtol": 0, "atol": 0})
