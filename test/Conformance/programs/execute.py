"""Runs programs in LibTorch and in Wick and says how they compare. Programs are files, see generate.py.

As a command it is the worker that `Worker` drives from another process, since what it runs may crash: it reads lists of
paths from its input, a line of JSON for each batch, and writes a line for each program. The programs of a batch are
submodules of one model, so that one start of the compiler serves all.
"""

import collections
import contextlib
import copy
import importlib.util
import json
import os
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading

COMPILE_SECONDS = 120
RUN_SECONDS = 20

# What becomes of a program. "refused" is an answer as good as "equal": the detail says what is not supported. "invalid"
# are programs that LibTorch does not take, and "libtorch" those that end its process or meet an intended difference.
Outcome = collections.namedtuple("Outcome", ["path", "kind", "detail"])
ANSWERS = ("equal", "raises", "refused", "invalid", "libtorch")

# Messages of the compiler that do not tell a user what is wrong with the program.
INTERNAL = re.compile(
    r"PLEASE submit|Assertion|failed to legalize|does not dominate|LLVM ERROR|op operand|internal|unrealized|"
    r"does not verify|failed to verify|unresolved|'(arith|bufferization|linalg|memref|plan|scf|tensor|vector)\.\w+' op"
)


# What LibTorch raises where Wick means not to; see docs/Differences.md.
INTENDED = re.compile(r"INTERNAL ASSERT|some elements of the input tensor and the written-to tensor refer to a single")

# What LibTorch raises for an error of a task, with the task's own traceback below.
IN_A_TASK = "The following operation failed in the TorchScript interpreter."


class Worker:
    """A process that runs programs, started anew when it dies."""

    def __init__(self, folder):
        self.folder = folder
        self.process = None
        self.batches = 0

    def run(self, paths):
        """The outcomes of programs, in order."""
        if self.process is None or self.batches >= 40:  # LibTorch keeps every class it has compiled
            self.start()
        self.batches += 1
        outcomes = {}
        self.process.stdin.write(json.dumps(paths) + "\n")
        self.process.stdin.flush()
        phase = ["compiling", None]
        while len(outcomes) < len(paths):
            message = self.receive()
            if message is None:
                status = self.stop()
                signal_name = signal.Signals(-status).name if status and status < 0 else f"exit code {status}"
                path = phase[1] or paths[0]
                if phase[0] == "libtorch":
                    outcomes[path] = Outcome(path, "libtorch", signal_name)
                elif phase[1] or len(paths) == 1:
                    outcomes[path] = Outcome(path, "crash", f"{signal_name} when {phase[0]}")
                for rest in [path for path in paths if path not in outcomes]:
                    outcomes[rest] = self.run([rest])[0]
            elif "phase" in message:
                phase = message["phase"]
            else:
                outcomes[message["path"]] = Outcome(**message)
        return [outcomes[path] for path in paths]

    def start(self):
        self.stop()
        self.batches = 0
        environment = {**os.environ, "WICK_NO_FALLBACK": "1", "OMP_NUM_THREADS": "1"}
        self.log = open(os.path.join(self.folder, "worker.log"), "w")
        self.process = subprocess.Popen(
            [sys.executable, os.path.abspath(__file__), self.folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            env=environment,
        )
        self.lines = queue.Queue()
        threading.Thread(target=self.forward, args=(self.process.stdout, self.lines), daemon=True).start()

    @staticmethod
    def forward(pipe, lines):
        """Hands lines on, so that waiting for one can end; an empty one when there are no more."""
        with contextlib.suppress(ValueError):  # closed
            for line in pipe:
                lines.put(line)
        lines.put("")

    def receive(self):
        try:
            line = self.lines.get(timeout=COMPILE_SECONDS + 60)
        except queue.Empty:
            self.process.kill()
            line = ""
        return json.loads(line) if line else None

    def stop(self):
        """Ends the process; its exit code."""
        if self.process is None:
            return None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            status = self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        self.log.close()
        self.process = None
        return status


# --- in the worker ----------------------------------------------------------------------------------------------------


def load(path):
    """The Python module of a program."""
    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def first_line(text):
    return text.strip().split("\n")[0] if text.strip() else ""


def call(method, arguments):
    """The result, or ("class", "first line of the message") of what was raised, with True for the latter."""
    import wick

    try:
        return False, method(*arguments)
    except wick.TimeLimitError:
        return True, ("hang", f"runs for more than {RUN_SECONDS} s")
    except wick.Error as error:
        return True, (
            error.class_name.rpartition(".")[2] or "RuntimeError",
            first_line(str(error.args[0])),
        )  # a KeyError quotes it
    except Exception as error:
        text = str(error).strip()
        # LibTorch ends its traceback with a line of the class and the message.
        found = list(re.finditer(r"^([A-Za-z_][\w.]*): ?(.*)$", text, re.MULTILINE))
        if "Traceback of TorchScript" in text and found:
            # Of an error that a task hands on, the one in the task.
            after = [match for match in found if text[: match.start()].count("~ <--- HERE")]
            last = next((match for match in after if match.group(2) != IN_A_TASK), found[-1])
            return True, (last.group(1).rpartition(".")[2], last.group(2).strip())
        return True, (type(error).__name__, first_line(text))


def differences(actual, expected, path):
    """Descriptions of where two values differ, types of containers included."""
    from wick import verify

    found = [f"{d.path} {d.reason}" for d in verify.compare(actual, expected, path) if d.reason]
    if not found and shape_of(actual) != shape_of(expected):
        found = [f"{path} is {shape_of(actual)}, expected {shape_of(expected)}"]
    return found


def shape_of(value):
    """The types of a value's containers."""
    if isinstance(value, (list, tuple)):
        return type(value).__name__, [shape_of(element) for element in value]
    if isinstance(value, dict):
        return "dict", [(shape_of(key), shape_of(element)) for key, element in value.items()]
    return type(value).__name__


class Batch:
    """Programs that are compiled together."""

    def __init__(self, folder, paths):
        import torch

        self.folder, self.programs, self.invalid = folder, {}, {}
        holder, methods = torch.nn.Module(), []
        for index, path in enumerate(paths):
            try:
                program = load(path)
                scripted = torch.jit.script(program.Program().eval())
            except Exception as error:  # whatever LibTorch says
                self.invalid[path] = f"{type(error).__name__}: {str(error).strip()}"
                continue
            self.programs[path] = (index, program)
            arguments = scripted.forward.schema.arguments[1:]
            declared = "".join(f", {a.name}: {a.type.annotation_str}" for a in arguments)
            given = ", ".join(a.name for a in arguments)
            setattr(holder, f"p{index}", scripted)
            methods.append(f"def run{index}(self{declared}):\n    return self.p{index}({given})\n")
        root = torch.jit.script(holder)
        for method in methods:
            root.define(method)
        self.archive = os.path.join(folder, "programs.pt")
        root.save(self.archive)

    def compile(self):
        """The artifact, or None and what is wrong."""
        from wick._compile import find_compiler

        artifact = os.path.join(self.folder, "programs.wick")
        command = [find_compiler(), "compile", self.archive, "-o", artifact, "--no-fallback"]
        for index, program in self.programs.values():
            for at, text in enumerate(program.SIGNATURE):
                command += ["--input", f"run{index}:{at}={text}"]
        try:
            result = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=COMPILE_SECONDS)
        except subprocess.TimeoutExpired:
            return None, "hang", f"the compiler takes more than {COMPILE_SECONDS} s"
        if result.returncode == 0:
            return artifact, "", ""
        text = result.stderr.strip()
        internal = result.returncode != 1 or INTERNAL.search(text) or not re.search(r"\.py:\d+", text)
        if result.returncode < 0:
            text = f"ended by signal {-result.returncode}\n{text}"
        return None, "compiler" if internal else "refused", text

    def outcomes(self, report):
        for path, detail in self.invalid.items():
            yield Outcome(path, "invalid", detail)
        if not self.programs:
            return
        artifact, kind, detail = self.compile()
        if artifact:
            yield from self.run(artifact, report)
        elif len(self.programs) == 1:
            yield Outcome(next(iter(self.programs)), kind, detail)
        else:
            # What the messages name is compiled alone, to have its own message, and the others once more together.
            named = [path for path in self.programs if os.path.basename(path) in detail]
            rest = [path for path in self.programs if path not in named]
            if not named:
                named, rest = rest, []
            if rest:
                yield from Batch(self.folder, rest).outcomes(report)
            for path in named:
                report(["compiling", path])
                yield from Batch(self.folder, [path]).outcomes(report)

    def run(self, artifact, report):
        import torch

        import wick

        report(["loading", None])
        module = wick.load(artifact)
        reference = torch.jit.load(self.archive)
        for path, (index, program) in self.programs.items():
            session = module.session(time_limit=RUN_SECONDS)
            kind, found = "equal", []
            for number, arguments in enumerate(program.CALLS):
                given = [copy.deepcopy(arguments) for _ in range(2)]
                report(["libtorch", path])
                with torch.no_grad():
                    expected_raised, expected = call(getattr(reference, f"run{index}"), given[0])
                report(["running", path])
                raised, actual = call(getattr(session, f"run{index}"), given[1])
                if expected_raised and INTENDED.search(expected[1]):
                    yield Outcome(path, "libtorch", expected[1])
                    break
                if expected_raised:
                    kind = "raises"
                if raised or expected_raised:
                    found = (
                        []
                        if (raised, actual) == (expected_raised, expected)
                        else [f"{actual!r}, expected {expected!r}"]
                    )
                else:
                    found = differences(actual, expected, "result")
                found += differences(list(given[1]), list(given[0]), "arguments")
                for name, value in session.state_dict().items():
                    place, _, attribute = name.partition(".")
                    if place == f"p{index}":
                        found += differences(value, getattr(getattr(reference, place), attribute), f"self.{attribute}")
                if found:
                    wrong = "exception" if raised or expected_raised else "difference"
                    yield Outcome(path, wrong, f"call {number}: " + "; ".join(found[:3]))
                    break
            else:
                yield Outcome(path, kind, "")


def main():
    import warnings

    import torch

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # programs may print
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    # Optimised, LibTorch merges containers that a program changes later.
    torch._C._set_graph_executor_optimize(False)

    def answer(message):
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    for line in sys.stdin:
        with tempfile.TemporaryDirectory(dir=sys.argv[1]) as folder:
            for outcome in Batch(folder, json.loads(line)).outcomes(lambda phase: answer({"phase": phase})):
                answer(outcome._asdict())


if __name__ == "__main__":
    main()
