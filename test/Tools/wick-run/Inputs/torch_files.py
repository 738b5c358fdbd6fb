"""Files for torch-files.test, and what is expected of those that wick-run writes."""

import subprocess
import sys
import zipfile

import torch

DTYPES = "uint8 int8 int16 int32 int64 float16 bfloat16 float32 float64 complex64 complex128 bool".split()


def rewrite(source, target, change):
    """Copies a file of torch.save with another pickle."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            body = old.read(info)
            new.writestr(info.filename, change(body) if info.filename.endswith("data.pkl") else body)


def write(base):
    x = torch.arange(6, dtype=torch.float32).reshape(2, 3)
    torch.save((x, (x.t() * 10).contiguous().t()), base + ".tuple.pt")
    torch.save({"y": x * 10, "x": torch.nn.Parameter(x)}, base + ".dict.pt")
    torch.save([(torch.ones(2), 3), 2.5, None], base + ".nested.pt")
    torch.save(torch.nn.Linear(2, 2), base + ".module.pt")
    torch.jit.script(torch.nn.Linear(2, 2)).save(base + ".program.pt")
    torch.save(x, base + ".legacy.pt", _use_new_zipfile_serialization=False)
    torch.save(torch.ones(3), base + ".small.pt")
    # The size of the tensor, a tuple of one, is the first after its storage.
    rewrite(base + ".small.pt", base + ".beyond.pt", lambda body: body.replace(b"K\x03\x85", b"K\x09\x85"))
    rewrite(base + ".small.pt", base + ".recursive.pt", lambda body: b"\x80\x02]q\x00h\x00a.")


def unpacked(path):
    tensor, (number, nothing) = torch.load(path)
    assert tensor.tolist() == [1, 1] and (number, nothing) == (7.5, None)


def dtypes(base):
    for name in DTYPES:
        for value in (torch.tensor([[0, 1], [1, 0]]), torch.zeros(0, 3), torch.tensor(1)):
            value = value.to(getattr(torch, name))
            torch.save(value, base + ".in.pt")
            command = [
                "wick-run",
                base + ".wick",
                "--method",
                "same",
                "--input",
                base + ".in.pt",
                "-o",
                base + ".same.pt",
            ]
            subprocess.run(command, check=True)
            result = torch.load(base + ".same.pt")
            assert result.dtype == value.dtype and torch.equal(result, value), (name, value, result)


if __name__ == "__main__":
    globals()[sys.argv[1]](sys.argv[2])
