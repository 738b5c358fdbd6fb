"""Compares random programs in Wick and LibTorch, and shrinks those that differ.

    random_programs.py [--seed N] [--count N] [--time SECONDS] [--keep DIR] [--shrink-time SECONDS] [FILE…]

Program number i has the seed `--seed` + i, so that any can be had again: --seed N --count 1. A run ends after --count
programs or --time seconds and prints a line for each failure, then what was refused, by reason. Failures are shrunk for
--shrink-time seconds each and kept in DIR. With FILEs it runs, and shrinks, these programs instead. A found defect
becomes a program in regressions/. The exit code is 1 when there was a failure.

For hours: random_programs.py --time 36000 --seed $RANDOM$RANDOM --keep /tmp/found
"""

import argparse
import collections
import os
import re
import shutil
import sys
import tempfile
import time

import execute
import generate
import shrink

BATCH = 10


def reason(outcome):
    """Why a program was refused or failed, without what is particular to it."""
    lines = [line for line in outcome.detail.split("\n") if "error: " in line]
    text = lines[0].split("error: ", 1)[1] if lines else outcome.detail.split("\n")[0]
    text = re.sub(r"'[vxp]\d+'|\bi?v\d+\w*|'run\d+'", "_", text)
    return re.sub(r"\d+", "#", text)[:160]


class Report:
    """Counts outcomes and shows how far a run is."""

    def __init__(self):
        self.kinds, self.refused, self.failures = collections.Counter(), collections.Counter(), []
        self.start = self.shown = time.monotonic()

    def add(self, outcome):
        self.kinds[outcome.kind] += 1
        if outcome.kind == "refused":
            self.refused[reason(outcome)] += 1
        if outcome.kind not in execute.ANSWERS:
            self.failures.append(outcome)

    def progress(self, seconds=10):
        if time.monotonic() - self.shown >= seconds:
            self.shown = time.monotonic()
            print(f"[{self.shown - self.start:6.0f}s] {self.summary()}", file=sys.stderr, flush=True)

    def summary(self):
        return f"{sum(self.kinds.values())} programs: " + ", ".join(
            f"{n} {kind}" for kind, n in self.kinds.most_common()
        )

    def text(self):
        return "\n".join([self.summary(), *(f"  {n} refused: {why}" for why, n in self.refused.most_common())])


def sources(folder, seed, count):
    """Paths of programs in batches."""
    for first in range(0, count, BATCH):
        paths = []
        for number in range(seed + first, seed + min(first + BATCH, count)):
            paths.append(os.path.join(folder, f"program{number}.py"))
            with open(paths[-1], "w") as file:
                file.write(generate.generate(number))
        yield paths


def compare(batches, folder, report, deadline=None, found=None, refused=None):
    """Runs programs and calls `found` with failures; starts none after `deadline`, a time of the monotonic clock. With
    `refused`, a pattern, programs refused for a reason that it finds are failures too."""
    worker = execute.Worker(folder)
    try:
        for paths in batches:
            for outcome in worker.run(paths):
                report.add(outcome)
                is_refused = refused and outcome.kind == "refused" and re.search(refused, outcome.detail)
                if found and (is_refused or outcome.kind not in execute.ANSWERS):
                    found(outcome)
            report.progress()
            if deadline and time.monotonic() > deadline:
                break
    finally:
        worker.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="*", help="programs to run instead of random ones")
    parser.add_argument("--seed", type=int, default=0, help="of the first program")
    parser.add_argument("--count", type=int, default=100, help="of programs; without end when --time is given")
    parser.add_argument("--time", type=float, help="seconds after which no more programs are started")
    parser.add_argument("--keep", help="directory for programs that fail")
    parser.add_argument("--shrink-time", type=float, default=120, help="seconds for each failure; 0 to not shrink")
    parser.add_argument("--refused", metavar="REGEX", help="also tell, keep and shrink what is refused for this reason")
    options = parser.parse_args()
    if options.time and "--count" not in " ".join(sys.argv):
        options.count = 1 << 40
    report = Report()
    with tempfile.TemporaryDirectory() as folder:

        def found(outcome):
            print(f"{outcome.path}: {outcome.kind}: {outcome.detail[:600]}", flush=True)
            text = open(outcome.path).read()
            name = os.path.basename(outcome.path)
            if options.keep:
                os.makedirs(options.keep, exist_ok=True)
                shutil.copy(outcome.path, os.path.join(options.keep, name))
            if options.shrink_time:
                text = shrink.shrink(text, outcome, folder, options.shrink_time)
                print(text, flush=True)
                if options.keep:
                    with open(os.path.join(options.keep, f"small_{name}"), "w") as file:
                        file.write(text)

        batches = [[path] for path in options.files] or sources(folder, options.seed, options.count)
        compare(
            batches, folder, report, time.monotonic() + options.time if options.time else None, found, options.refused
        )
    print(report.text())
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
