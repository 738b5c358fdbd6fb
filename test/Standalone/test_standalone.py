"""Installs Wick, builds a downstream plug-in against the package and runs it in the installed wick-opt."""

import os
import subprocess

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))

PROGRAM = """
func.func @f(%x: !ts.tensor) -> !ts.tensor {
  %y = aten.relu %x : (!ts.tensor) -> !ts.tensor
  return %y : !ts.tensor
}
"""


def run(*command, **options):
    result = subprocess.run(command, capture_output=True, text=True, **options)
    assert result.returncode == 0, f"{' '.join(command)}\n{result.stdout[-4000:]}{result.stderr[-4000:]}"
    return result.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory, build_dir):
    prefix = tmp_path_factory.mktemp("prefix")
    run("cmake", "--install", build_dir, "--prefix", str(prefix))
    return prefix


@pytest.fixture(scope="module")
def plugin(tmp_path_factory, installed):
    build = str(tmp_path_factory.mktemp("standalone"))
    options = [f"-DCMAKE_PREFIX_PATH={installed};/usr/lib/llvm-22", "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"]
    run("cmake", "-G", "Ninja", "-S", HERE, "-B", build, "-DCMAKE_BUILD_TYPE=Release", *options)
    run("cmake", "--build", build)
    return os.path.join(build, "libStandalonePlugin.so")


def test_plugin_runs_in_installed_tool(installed, plugin):
    options = [f"--load-dialect-plugin={plugin}", f"--load-pass-plugin={plugin}"]
    pipeline = "--pass-pipeline=builtin.module(func.func(standalone-count))"
    output = run(str(installed / "bin" / "wick-opt"), *options, pipeline, input=PROGRAM)
    assert 'standalone.count "aten" = 1' in output


def test_plugin_dialect_round_trips(installed, plugin):
    text = 'func.func @g() {\n  standalone.count "aten" = 7\n  return\n}\n'
    output = run(str(installed / "bin" / "wick-opt"), f"--load-dialect-plugin={plugin}", input=text)
    assert 'standalone.count "aten" = 7' in output


def test_tools_run_from_the_package(installed):
    """No tool depends on the build directory."""
    for tool in sorted(os.listdir(installed / "bin")):
        output = subprocess.run(["ldd", str(installed / "bin" / tool)], capture_output=True, text=True).stdout
        assert "not found" not in output, f"{tool}: {output}"
        for line in output.splitlines():
            if "libWick" in line or "libwick" in line:
                assert str(installed) in line, f"{tool}: {line}"
