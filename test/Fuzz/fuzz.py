"""Damages archives, artifacts and files of values and feeds them to the tools, which must answer with an error or a
result.

    fuzz.py [--seconds N] [--seed N] [--keep DIR] [--target archive|artifact|values] FILE…

A run fails when a tool dies of a signal, an assertion or a time-out, takes more than its memory, or exits with an error
it does not explain. Damaged files are described by seed and number, so that a failure can be had again; --keep saves
them. Give it hours on demand: it stops at the first failure unless --keep-going.
"""

import argparse
import io
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import warnings
import zipfile

MEMORY = 6 << 30
TIME_LIMIT = 60

# Values that sizes, counts and offsets are wrong by.
INTERESTING = [
    0,
    1,
    0x7F,
    0x80,
    0xFF,
    0x7FFF,
    0x8000,
    0xFFFF,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFFFF,
    1 << 40,
    (1 << 64) - 1,
]


# --- mutations --------------------------------------------------------------------------------------------------------


def flip(rng, data):
    for _ in range(rng.choice([1, 1, 2, 8])):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def overwrite(rng, data):
    width = rng.choice([1, 2, 4, 8])
    at = rng.randrange(max(1, len(data) - width))
    data[at : at + width] = (rng.choice(INTERESTING) & ((1 << 8 * width) - 1)).to_bytes(width, "little")


def truncate(rng, data):
    del data[rng.randrange(len(data)) :]


def remove(rng, data):
    at = rng.randrange(len(data))
    del data[at : at + rng.choice([1, 4, 64, 4096])]


def repeat(rng, data):
    at = rng.randrange(len(data))
    data[at:at] = data[at : at + rng.choice([1, 4, 64, 4096])]


def splice(rng, data):
    a, b = rng.randrange(len(data)), rng.randrange(len(data))
    size = rng.choice([4, 16, 256])
    data[a : a + size] = data[b : b + size]


def digits(rng, data):
    """Changes a number in text: manifests, source code, pickled protocols."""
    places = [at for at, byte in enumerate(data[: 1 << 20]) if 0x30 <= byte <= 0x39]
    if not places:
        return flip(rng, data)
    at = rng.choice(places)
    data[at : at + 1] = rng.choice([b"0", b"9", b"-1", b"99999999999999999999", b"1e9", b'"', b"[", b"{"])


BYTES = [flip, flip, overwrite, overwrite, truncate, remove, repeat, splice, digits]


def mutate_bytes(rng, data):
    """Anywhere in the file; half of the time in the directory of the zip, which lies at its end."""
    data = bytearray(data)
    if rng.random() < 0.5 and len(data) > 4096:
        tail = bytearray(data[-2048:])
        rng.choice(BYTES)(rng, tail)
        return bytes(data[:-2048] + tail)
    rng.choice(BYTES)(rng, data)
    return bytes(data)


def mutate_entry(rng, data):
    """Inside one entry, with sizes and checksums made right again, so that the damage gets past them."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        entries = [(info, source.read(info)) for info in source.infolist()]
    small = [index for index, (info, body) in enumerate(entries) if 0 < len(body) < 1 << 20]
    chosen = rng.choice(small or range(len(entries)))
    action = rng.random()
    if action < 0.05:
        entries.pop(chosen)
    elif action < 0.1:
        entries.append(entries[chosen])
    elif action < 0.15:
        entries[chosen] = (entries[rng.randrange(len(entries))][0], entries[chosen][1])
    else:
        body = bytearray(entries[chosen][1])
        for _ in range(rng.choice([1, 1, 1, 3])):
            if body:
                rng.choice(BYTES)(rng, body)
        entries[chosen] = (entries[chosen][0], bytes(body))
    result = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as target:
        warnings.simplefilter("ignore")  # names that occur twice are meant
        for info, body in entries:
            # Data begins at a multiple of 64, as both formats want it.
            pad = -(result.tell() + 30 + len(info.filename.encode()) + 4) % 64
            copy = zipfile.ZipInfo(info.filename)
            copy.extra = b"FB" + pad.to_bytes(2, "little") + b"Z" * pad
            target.writestr(copy, body)
    return result.getvalue()


def mutate(rng, data):
    return (mutate_entry if rng.random() < 0.6 else mutate_bytes)(rng, data)


# --- running ----------------------------------------------------------------------------------------------------------


CRASHES = ("PLEASE submit a bug report", "Assertion `", "ERROR: AddressSanitizer", "ThreadSanitizer:", "runtime error:")


def limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def complaint(command):
    """What is wrong with how a command ended; empty when nothing is."""
    # A sanitizer reserves terabytes of addresses, and takes a request for too much memory as a bug unless told otherwise.
    sanitized = any(name in command[0] for name in ("build-asan", "build-tsan"))
    environment = dict(
        os.environ, ASAN_OPTIONS="allocator_may_return_null=1", TSAN_OPTIONS="allocator_may_return_null=1"
    )
    try:
        result = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIME_LIMIT,
            preexec_fn=None if sanitized else limit_memory,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        return f"took more than {TIME_LIMIT} s"
    error = result.stderr.decode(errors="replace")
    if result.returncode < 0 or result.returncode >= 126:
        return f"ended with {result.returncode}\n{error[-2000:]}"
    if result.returncode and not error.strip():
        return f"ended with {result.returncode} and does not say why"
    if any(sign in error for sign in CRASHES):
        return f"crashed inside\n{error[-2000:]}"
    return ""


def commands(target, tools, path, scratch):
    wick, wick_run = os.path.join(tools, "wick"), os.path.join(tools, "wick-run")
    if target == "artifact":
        return [[wick_run, "--check", path]]
    if target == "values":
        model = os.path.join(scratch, "test.wick")
        if not os.path.exists(model):
            subprocess.run([os.path.join(tools, "wick-test-artifact"), model], check=True)
        return [[wick_run, model, "--method", "same", "--input", path]]
    return [[wick, "check", path], [wick, "import", path, "-o", os.path.join(scratch, "out.mlir")]]


def fuzz(target, seeds, tools, seconds=60.0, seed=0, keep=None, keep_going=False, log=print):
    """Returns descriptions of the failures and the number of runs."""
    contents = []
    for path in seeds:
        with open(path, "rb") as file:
            contents.append((os.path.basename(path), file.read()))
    failures, runs, end = [], 0, time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as scratch:
        path = os.path.join(scratch, "damaged.wick" if target == "artifact" else "damaged.pt")
        while time.monotonic() < end and (keep_going or not failures):
            rng = random.Random(seed * 1_000_003 + runs)
            name, data = rng.choice(contents)
            damaged = mutate(rng, data)
            with open(path, "wb") as file:
                file.write(damaged)
            for command in commands(target, tools, path, scratch):
                wrong = complaint(command)
                if wrong:
                    tool = " ".join([os.path.basename(command[0]), *command[1:2]])
                    failures.append(f"{tool} on {name}, seed {seed}, number {runs}: {wrong}")
                    log(failures[-1])
                    if keep:
                        os.makedirs(keep, exist_ok=True)
                        with open(os.path.join(keep, f"{seed}-{runs}-{name}"), "wb") as file:
                            file.write(damaged)
            runs += 1
    return failures, runs


def main():
    parser = argparse.ArgumentParser(description="Feed damaged archives and artifacts to the tools.")
    parser.add_argument("files", nargs="+", help="whole files to damage")
    parser.add_argument("--target", choices=["archive", "artifact", "values"], default="archive")
    parser.add_argument("--tools", default="build/bin", help="folder of the tools")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", help="folder for the files that made a tool fail")
    parser.add_argument("--keep-going", action="store_true", help="go on after a failure")
    o = parser.parse_args()
    failures, runs = fuzz(o.target, o.files, o.tools, o.seconds, o.seed, o.keep, o.keep_going)
    print(f"{runs} files, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
