"""Makes torchvision's wheel load beside a CPU-only torch.

The package index holds torchvision built against CUDA alone. Its native library has all CPU kernels, but names three
CUDA libraries that a CPU build of torch lacks. CPU code never calls them, so empty libraries of those names do: this
builds them beside torchvision's library and points that library's run path at them. Nothing happens where torch has
CUDA, or the second time.

    .venv/bin/python externals/torchvision_cpu.py
"""

import glob
import importlib.util
import os
import re
import subprocess
import sys
import tempfile

RUN_PATH = b"$ORIGIN/standins"


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def dynamic(library):
    """The libraries `library` needs and its run path."""
    text = output("readelf", "-dW", library)
    path = re.search(r"\((?:RPATH|RUNPATH)\).*\[(.*)\]", text)
    return re.findall(r"\(NEEDED\).*\[(.*)\]", text), path.group(1) if path else ""


def missing_symbols(library, torch_libraries):
    """Undefined symbols of `library` that nothing loaded beside it defines, by the version they ask for."""
    defined = set()
    for other in torch_libraries:
        lines = output("nm", "-D", "--defined-only", other).splitlines()
        defined.update(line.split()[-1].split("@")[0] for line in lines)
    missing = {}
    for line in output("nm", "-D", "--undefined-only", library).splitlines():
        name, _, version = line.split()[-1].replace("@@", "@").partition("@")
        if "cuda" in name.lower() and name not in defined:
            missing.setdefault(version, []).append(name)
    return missing


def build_standin(path, symbols, version):
    """A library of functions that return zero."""
    with tempfile.TemporaryDirectory() as scratch:
        source, script = os.path.join(scratch, "standin.c"), os.path.join(scratch, "version.map")
        with open(source, "w") as file:
            file.writelines(f"long {symbol}(void) {{ return 0; }}\n" for symbol in sorted(symbols))
        flags = []
        if version:
            with open(script, "w") as file:
                file.write(version + " { global: *; };\n")
            flags = ["-Wl,--version-script=" + script]
        name = "-Wl,-soname," + os.path.basename(path)
        output("gcc", "-shared", "-fPIC", "-nostdlib", "-w", name, *flags, "-o", path, source)


def set_run_path(library, old):
    """Overwrites the run path in place; the new one is shorter than any that a wheel is built with."""
    with open(library, "rb") as file:
        data = file.read()
    entry = b"\0" + old.encode() + b"\0"
    if len(old) < len(RUN_PATH) or data.count(entry) != 1:
        sys.exit(f"torchvision: cannot set the run path of {library}, which is '{old}'")
    with open(library + ".new", "wb") as file:
        file.write(data.replace(entry, b"\0" + RUN_PATH.ljust(len(old) + 1, b"\0")))
    os.replace(library + ".new", library)


def main():
    import torch

    if torch.version.cuda:
        return
    package = os.path.dirname(importlib.util.find_spec("torchvision").origin)
    torch_libraries = glob.glob(os.path.join(os.path.dirname(torch.__file__), "lib", "lib*.so"))
    for library in glob.glob(os.path.join(package, "_C*.so")):
        needed, run_path = dynamic(library)
        absent = [name for name in needed if "cuda" in name]
        if not absent or run_path == RUN_PATH.decode():
            continue
        os.makedirs(os.path.join(package, "standins"), exist_ok=True)
        missing = missing_symbols(library, torch_libraries)
        versioned = {version for version in missing if version}
        for name in absent:
            # Symbols with a version belong to the library of that name; one of the others takes the rest.
            version = name if name in versioned else ""
            build_standin(os.path.join(package, "standins", name), missing.pop(version, []), version)
        set_run_path(library, run_path)


main()
