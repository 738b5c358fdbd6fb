"""Runs every check of the project and sums what they count; './dev test' calls it.

Order: style and sizes (seconds, so they come first), build, lit, unit tests, pytest. A step that fails does not stop
the ones that can still run. The last line is 'N passed, N failed', with ', N skipped' where some were.
"""

import argparse
import glob
import os
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.path.dirname(sys.executable)


class Totals:
    """What has passed, failed (by name) and been skipped so far."""

    def __init__(self):
        self.passed, self.failed, self.skipped = 0, [], 0

    def add(self, name, ok):
        if ok:
            self.passed += 1
        else:
            self.failed.append(name)

    def add_junit(self, path):
        """Adds the cases of a JUnit report; false when there is none."""
        try:
            cases = list(ElementTree.parse(path).getroot().iter("testcase"))
        except (OSError, ElementTree.ParseError):
            return False
        for case in cases:
            if case.find("skipped") is not None or case.get("status") == "notrun":
                self.skipped += 1
            else:
                name = f"{case.get('classname')}/{case.get('name')}"
                self.add(name, case.find("failure") is None and case.find("error") is None)
        return True


def say(text):
    print(f"== {time.strftime('%H:%M:%S')} {text}", flush=True)


def run(*command, **options):
    return subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, **options).returncode == 0


def tracked(*patterns):
    """Files of the project that match, tracked or about to be."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    return sorted(name for name in names if name and os.path.isfile(os.path.join(ROOT, name)))


# --- style ------------------------------------------------------------------------------------------------------------


def check_style(totals):
    say("style (./dev format mends it)")
    sources = tracked("*.cpp", "*.h", "*.hpp", "*.c")
    totals.add("style: clang-format", run("clang-format-22", "--dry-run", "--Werror", *sources))
    ruff, config = os.path.join(BIN, "ruff"), "--config=tools/ruff.toml"
    totals.add("style: ruff check", run(ruff, "check", "--quiet", config, "."))
    totals.add("style: ruff format", run(ruff, "format", "--quiet", "--diff", config, "."))


# Most lines a file may have, and characters its path may; the first pattern that matches decides.
LINE_LIMITS = [
    (r"^test/.*\.mlir$", 400),
    (r"\.td$", 700),
    (r"\.h(pp)?$", 400),
    (r"\.(cpp|c|py)$", 1200),
]
PATH_LIMIT = 75
FUNCTION_LIMIT = 200


NOT_A_FUNCTION = re.compile(r"\s*(namespace|extern|class|struct|enum|union|static const|const)\b")


def long_functions(path):
    """Names and lengths of function bodies over the limit: blocks of formatted C++ that close at their own indent."""
    opened = {}
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            indent = len(line) - len(line.lstrip())
            if line.rstrip().endswith("{") and not NOT_A_FUNCTION.match(line):
                opened.setdefault(indent, (number, line.strip()))
            elif line.strip().startswith("}"):
                start, text = opened.pop(indent, (number, ""))
                opened = {key: value for key, value in opened.items() if key < indent}
                if number - start > FUNCTION_LIMIT and "(" in text:
                    yield f"{path}:{start}: function of {number - start} lines, at most {FUNCTION_LIMIT}: {text}"


def check_sizes(totals):
    say("sizes")
    problems = []
    for path in tracked():
        if len(path) >= PATH_LIMIT:
            problems.append(f"{path}: path of {len(path)} characters, fewer than {PATH_LIMIT} expected")
        limit = next((lines for pattern, lines in LINE_LIMITS if re.search(pattern, path)), None)
        if not limit:
            continue
        with open(os.path.join(ROOT, path), encoding="utf-8", errors="replace") as file:
            lines = sum(1 for _ in file)
        if lines > limit:
            problems.append(f"{path}: {lines} lines, at most {limit}")
        if path.endswith(".cpp"):
            problems.extend(long_functions(path))
    print("\n".join(problems), end="\n" if problems else "", flush=True)
    totals.add("sizes", not problems)


# --- tests ------------------------------------------------------------------------------------------------------------


def report(totals, kind, path, ok):
    """Counts the JUnit report at `path`; a runner that failed without naming a test is a failure of its own."""
    failures = len(totals.failed)
    if not totals.add_junit(path) or (not ok and len(totals.failed) == failures):
        totals.failed.append(f"{kind}: ended without a result")


def run_lit(totals, scratch, build, jobs, paths):
    say("lit")
    result = os.path.join(scratch, "lit.xml")
    suites = [os.path.join(build, path) for path in paths] if paths else [os.path.join(build, "test")]
    lit = os.path.join(BIN, "lit")
    ok = run(lit, "-s", "-v", f"-j{jobs}", "--timeout=600", f"--xunit-xml-output={result}", *suites)
    report(totals, "lit", result, ok)


def unit_tests(build):
    folder = os.path.join(ROOT, build, "bin")
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith("-tests")]


def run_unit_tests(totals, scratch, build):
    for path in unit_tests(build):
        say(f"unit tests: {os.path.basename(path)}")
        result = os.path.join(scratch, os.path.basename(path) + ".xml")
        ok = run(path, "--gtest_brief=1", f"--gtest_output=xml:{result}")
        report(totals, os.path.basename(path), result, ok)


def run_pytest(totals, scratch, paths):
    tests = [path for path in tracked("*test_*.py") if os.path.basename(path).startswith("test_")]
    if paths:
        tests = [test for test in tests if any(os.path.commonpath([test, path]) == path for path in paths)]
    if not tests:
        return
    say("pytest")
    result = os.path.join(scratch, "pytest.xml")
    options = ["-q", "-p", "no:cacheprovider", "--durations=10", "--durations-min=5", f"--junitxml={result}"]
    ok = run(sys.executable, "-m", "pytest", *options, *tests)
    report(totals, "pytest", result, ok)


def run_preloaded(totals, scratch, build, tests):
    """Runs tests in a Python that has the sanitizer, with the runtime of a sanitizer build."""
    sanitizer = os.environ["WICK_BUILD"]
    clang = os.path.join(os.environ.get("WICK_LLVM", "/usr/lib/llvm-22"), "bin", "clang")
    library = f"libclang_rt.{sanitizer}-x86_64.so"
    preload = subprocess.check_output([clang, f"-print-file-name={library}"], text=True).strip()
    say(f"pytest with {library}")
    log, result = os.path.join(scratch, "sanitizer"), os.path.join(scratch, "preloaded.xml")
    # The compiler, a child process, is not to have it.
    code = "import os, sys; [os.environ.pop(n) for n in ('LD_PRELOAD', 'LD_LIBRARY_PATH')]; import pytest; "
    code += "sys.exit(pytest.main(sys.argv[1:]))"
    environment = dict(
        os.environ,
        LD_PRELOAD=preload,
        LD_LIBRARY_PATH=os.path.join(ROOT, build, "lib"),
        ASAN_OPTIONS=f"detect_leaks=0:detect_odr_violation=0:log_path={log}",
        UBSAN_OPTIONS=f"halt_on_error=1:print_stacktrace=1:log_path={log}",
        TSAN_OPTIONS=f"ignore_noninstrumented_modules=1:log_path={log}",
        WICK_BUILD_DIR="build",
    )
    options = ["-q", "-p", "no:cacheprovider", f"--junitxml={result}"]
    ok = run(sys.executable, "-c", code, *options, *tests, env=environment)
    for path in glob.glob(f"{log}.*"):
        with open(path) as file:
            print(file.read())
        ok = False
    report(totals, "preloaded pytest", result, ok)


def has_lit_tests(path):
    return bool(tracked(f"{path}/*.mlir", f"{path}/*.test") or re.search(r"\.(mlir|test)$", path))


def test_all(totals, options, paths):
    if not paths:
        check_style(totals)
        check_sizes(totals)
    built = run("./dev", "build", "all", "wick-docs")
    totals.add("build", built)
    if not built:
        return
    with tempfile.TemporaryDirectory() as scratch:
        lit_paths = [path for path in paths if has_lit_tests(path)]
        if not paths or lit_paths:
            run_lit(totals, scratch, options.build_dir, options.jobs, lit_paths)
        if not paths or any("test/Unit".startswith(path) or path.startswith("test/Unit") for path in paths):
            run_unit_tests(totals, scratch, options.build_dir)
        run_pytest(totals, scratch, paths)


def test_sanitized(totals, build, paths):
    """With a sanitizer only what runs models is built; the compiler is that of the release."""
    release = dict(os.environ, WICK_BUILD="release")
    built = run("./dev", "build", env=release) and run("./dev", "build", "wick-runtime-parts")
    totals.add("build", built)
    if not built:
        return
    with tempfile.TemporaryDirectory() as scratch:
        if not paths or any(path.startswith("test/Unit") for path in paths):
            run_unit_tests(totals, scratch, build)
        run_pytest(totals, scratch, paths or ["test/Integration/test_sanitizers.py", "test/Fuzz"])
        if not paths:
            programs = "test/Integration/test_language.py"
            of_asan = [programs, "test/Integration/test_iterations.py", "test/Integration/test_state.py"]
            of_tsan = [f"{programs}::test_sixteen_sessions_at_once", "test/Integration/test_threads.py"]
            run_preloaded(totals, scratch, build, of_asan if os.environ["WICK_BUILD"] == "asan" else of_tsan)


def main():
    parser = argparse.ArgumentParser(description="Runs all tests, or those under the given paths.")
    parser.add_argument("paths", nargs="*", help="folders or files under test/; everything when none are given")
    parser.add_argument("--build-dir", default="build", help="build directory, relative to the checkout")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="tests to run at once")
    options = parser.parse_args()
    paths = [os.path.relpath(os.path.abspath(path), ROOT) for path in options.paths]
    start, totals = time.monotonic(), Totals()
    if os.environ.get("WICK_BUILD") in ("asan", "tsan"):
        test_sanitized(totals, options.build_dir, paths)
    else:
        test_all(totals, options, paths)
    say(f"done in {time.monotonic() - start:.0f} s")
    for name in totals.failed:
        print(f"FAILED {name}")
    skipped = f", {totals.skipped} skipped" if totals.skipped else ""
    print(f"{totals.passed} passed, {len(totals.failed)} failed{skipped}", flush=True)
    return 1 if totals.failed else 0


if __name__ == "__main__":
    sys.exit(main())
