#!/usr/bin/env python3
"""Stands in for the `wick` program: notes that it ran and copies $FAKE_ARTIFACT to the output."""

import os
import shutil
import sys
import time

arguments = sys.argv[1:]
with open(os.environ["FAKE_LOG"], "a") as log:
    log.write(" ".join(arguments[4:]) + "\n")
if os.environ.get("FAKE_FAILURE"):
    sys.exit(os.environ["FAKE_FAILURE"])
if (refused := os.environ.get("FAKE_REFUSED")) and refused in " ".join(arguments):
    sys.exit(f"{refused} is refused")
assert arguments[0] == "compile" and arguments[2] == "-o"
time.sleep(float(os.environ.get("FAKE_SECONDS", "0")))
shutil.copy(os.environ["FAKE_ARTIFACT"], arguments[3])
