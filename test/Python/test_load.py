"""Loading and calling, on a hand-written artifact."""

import subprocess
import sys
import threading

import numpy as np
import pytest

import wick


def test_import_needs_neither_torch_nor_numpy(artifact):
    code = (
        "import sys, wick; m = wick.load(sys.argv[1]); "
        "assert m.named({'a': memoryview(bytearray(8)).cast('f'), 'b': memoryview(bytearray(8)).cast('f')}) == "
        "{'sum': 3, 'n': 200}; assert 'torch' not in sys.modules and 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, artifact], check=True)


def test_numpy_in_numpy_out(module):
    x = np.arange(6, dtype=np.float32).reshape(2, 3)
    y = module.add(x, y=x)
    assert type(y) is np.ndarray and y.dtype == np.float32
    np.testing.assert_array_equal(y, x + x)
    y[0] = 7  # results are writable and the caller's own
    np.testing.assert_array_equal(module.add(x.T.copy().T, x[::-1]), x + x[::-1])
    assert module.same(x) is x


@pytest.mark.parametrize("dtype", ["u1", "i1", "i2", "i4", "i8", "f2", "f4", "f8", "c8", "c16", "?"])
def test_dtypes_of_numpy(module, dtype):
    x = np.array([[0, 1], [1, 0]], dtype)
    for argument in (x, x.T, x[:, 1], np.zeros((0, 3), dtype), np.array(1, dtype)):
        assert module.same(argument) is argument


def test_torch_in_torch_out(module):
    torch = pytest.importorskip("torch")
    x = torch.arange(6, dtype=torch.float32).reshape(2, 3)
    y = module.add(x, x.t().contiguous().t())
    assert type(y) is torch.Tensor
    assert torch.equal(y, x + x)
    assert module.same(x) is x
    parameter = torch.nn.Parameter(x)
    assert torch.equal(module.add(parameter, x), x + x)
    assert module.same(parameter) is parameter
    z = torch.tensor([1.0, 2.0, 3.0])[::2]
    assert module.negate_(z) is z and z.tolist() == [-1.0, -3.0]
    with pytest.raises(wick.ArgumentError, match="argument 'x' must be .*not Tensor<bf16>"):
        module.add(x.bfloat16(), x)


def test_dlpack_objects(module):
    class Foreign:
        def __init__(self, array):
            self.array = array

        def __dlpack__(self, **kwargs):
            return self.array.__dlpack__(**kwargs)

    class Old(Foreign):
        def __dlpack__(self):
            return self.array.__dlpack__()

    x = np.ones((1, 3), np.float32)
    for kind in (Foreign, Old):
        y = module.add(kind(x), kind(x))
        assert type(y) is wick.Tensor and y.shape == (1, 3) and y.dtype == "f32"
        assert repr(y) == "wick.Tensor(shape=(1, 3), dtype='f32')"
        assert np.from_dlpack(y).tolist() == [[2, 2, 2]]
        assert np.asarray(y).tolist() == [[2, 2, 2]]
        assert module.add(y, y).dtype == "f32"


def test_values(module):
    x = np.ones(1, np.float32)
    assert module.unpack((x, 4)) == (x, (10.0, None))
    assert module.unpack((x, np.int64(4)), flag=3, scale=np.float32(2)) == (x, (8.0, 3))
    assert module.unpack([x, True], 2) == (x, (2.0, None))
    assert module.named({"b": x, "a": x}, [3, 4]) == {"sum": 7, "n": 101}
    assert module.nothing() is None


def test_argument_errors(module):
    x = np.ones((2, 3), np.float32)
    with pytest.raises(
        wick.ArgumentError, match=r"argument 'y' must be Tensor<f32>\[B, 3\], not .* dim 1 is 4, expected 3"
    ):
        module.add(x, np.ones((2, 4), np.float32))
    with pytest.raises(ValueError, match="dim 0 is 1, but B is 2"):
        module.add(x, x[:1])
    with pytest.raises(TypeError, match="argument 'x' must be Tensor<f32>"):
        module.add(x.astype("f8"), x)
    with pytest.raises(TypeError, match="argument 'y' is missing"):
        module.add(x)
    with pytest.raises(TypeError, match="takes 2 arguments, 3 given"):
        module.add(x, x, x)
    with pytest.raises(TypeError, match="has no argument 'z'"):
        module.add(x, z=x)
    with pytest.raises(TypeError, match="several values for argument 'x'"):
        module.add(x, x=x)
    with pytest.raises(TypeError, match="argument 'x': cannot pass an object of type"):
        module.add(object(), x)
    with pytest.raises(OverflowError):
        module.fail(0, 1 << 64)
    with pytest.raises(TypeError, match="format '>f4'|format '>f'"):
        module.same(np.ones(2, ">f4"))
    frozen = np.ones(2, np.float32)
    frozen.flags.writeable = False
    assert module.same(frozen) is frozen
    with pytest.raises(ValueError, match="the array is read-only"):
        module.negate_(frozen)
    nested = []
    nested.append(nested)
    with pytest.raises(RecursionError):
        module.unpack(nested)
    with pytest.raises(AttributeError):
        module.missing()
    with pytest.raises(TypeError, match="no method 'forward'"):
        module(x)


def test_a_raise_in_the_model(module):
    with pytest.raises(ValueError, match="bad code") as caught:
        module.fail(3, 1)
    assert isinstance(caught.value, wick.Error)
    assert caught.value.class_name == "ValueError"
    assert caught.value.location == ("model.py", 12, 5, "check", "raise ValueError('bad code')")
    assert [frame[:3] for frame in caught.value.frames] == [("model.py", 20, 9), ("model.py", 12, 5)]
    assert 'File "model.py", line 12, in check' in caught.value.__notes__[0]
    with pytest.raises(ValueError, match="bad code") as caught:
        module.fail(4, 1)
    assert caught.value.frames == () and caught.value.location is None
    assert module.fail(0, 0) is None


def test_limits(module):
    session = module.session(memory_limit=1 << 20, threads=1)
    session.hog(True, 1000)
    with pytest.raises(MemoryError, match="the session's memory limit is reached"):
        session.hog(True, 2 << 20)
    with pytest.raises(ValueError, match="threads is -1"):
        module.session(threads=-1)


def test_saves_and_loads(module, artifact, tmp_path):
    module.save(tmp_path / "copy.wick")
    assert (tmp_path / "copy.wick").read_bytes() == artifact.read_bytes()
    assert "sound" not in wick.check(tmp_path / "copy.wick")
    for source in (str(artifact), artifact.read_bytes(), open(artifact, "rb")):
        assert wick.load(source, verify=True).name == "Test"
    with pytest.raises(FileNotFoundError):
        wick.load(tmp_path / "missing.wick")
    with pytest.raises(wick.ArtifactError, match="truncated"):
        wick.load(artifact.read_bytes()[:-1])
    with pytest.raises(FileNotFoundError):
        module.save(tmp_path / "missing" / "copy.wick")


def test_tensors_keep_their_identity(module):
    x = np.ones(1, np.float32)
    y = module.negate_(x)
    assert y is x
    assert module.unpack((x, 1))[0] is x


def test_describes_itself(module):
    assert module.methods["same"] == "same(x: Tensor) -> Tensor"
    assert module.isa == "base" and module.producer == "wick test"
    assert repr(module.same) == "<wick.Method same(x: Tensor) -> Tensor>"
    assert module.same.__name__ == "same"
    assert '"format": 1' in module.manifest


def test_describe():
    x = np.ones((2, 3), np.float32)
    assert wick._wick.describe((x, 1, "a", None, (x[0], 2.0), np.array(True), True)) == (
        "2x3xf32",
        "int",
        "str",
        "none",
        "(3xf32, float)",
        "i1",
        "bool",
    )
    # Of the elements of a list or dict, what they have in common.
    assert wick._wick.describe(([x, x[:1]], [x, x[0]], [], {"a": [1, 2]}, [(1, x)], object())) == (
        "[?x3xf32]",
        "[2x3xf32|3xf32]",
        "[_]",
        "{str: [int]}",
        "[(int, 2x3xf32)]",
        "<object>",
    )
    # Calls also tell what is empty.
    assert wick._wick.describe(({}, [], {"a": []}, [[], [x]], [{}, {"a": 1}]), 1) == (
        "{}",
        "[]",
        "{str: []}",
        "[[2x3xf32]]",
        "[{str: int}]",
    )


def test_threads(module):
    x = np.linspace(0, 1, 50)
    expected = module.work(x)
    np.testing.assert_allclose(expected, np.sin(x) + 100)
    wrong = []

    def work():
        for _ in range(200):
            if not np.array_equal(module.work(x), expected):
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_results_outlive_their_module(artifact):
    module = wick.load(artifact)
    y = module.work(np.zeros(3))
    del module
    assert y.tolist() == [100, 100, 100]


def test_nothing_leaks(module):
    resource = pytest.importorskip("resource")
    x = np.ones((1000, 3), np.float32)

    def calls():
        for _ in range(1000):
            module.add(x, x[::-1])
            module.unpack((x[:, 0].copy(), 1))
            with pytest.raises(ValueError):
                module.add(x, x[1:])

    calls()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    calls()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 4096  # KiB; one tensor a call were 12,000
