"""Compiling archives, ahead of time or at the first call."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Container, Iterable, Sequence
from pathlib import Path
from typing import Any

from . import _arguments, _cache, _sizes, _wick
from ._errors import ArgumentError, CompileError
from ._held import Held


def find_compiler() -> str:
    """Path of the `wick` program: `$WICK_COMPILER`, that of this installation or the one in PATH."""
    chosen = os.environ.get("WICK_COMPILER")
    if chosen:
        return chosen
    here = Path(__file__).parent
    for prefix in (Path(_wick.__file__).parent, here):
        for parent in list(prefix.parents)[:5]:
            program = parent / "bin" / "wick"
            if os.access(program, os.X_OK) and program.is_file():
                return str(program)
    found = shutil.which("wick")
    if not found:
        raise CompileError("the compiler is not installed: there is no program 'wick'; set WICK_COMPILER to its path")
    return found


def _compiler_identity(program: str) -> tuple:
    """What tells one build of the compiler from another."""
    identity = [_wick.version, _wick.abi_version]
    resolved = Path(program).resolve()
    try:
        for path in (resolved, *sorted(resolved.parent.parent.glob("lib*/libWickCompiler.so*"))):
            status = path.stat()
            identity.append((path.name, status.st_size, status.st_mtime_ns))
    except OSError as error:
        raise CompileError(f"cannot run the compiler '{program}': {error.strerror}") from error
    return tuple(identity)


class Archive:
    """A TorchScript archive on disk, and how to compile it."""

    def __init__(self, model: Any, options: dict[str, Any]):
        self._temporary: tempfile.TemporaryDirectory | None = None
        self.options = options
        if isinstance(model, (str, os.PathLike)):
            self.path = os.fspath(model)
            with open(self.path, "rb"):
                pass  # the operating system's error when it cannot be read
        else:
            self._temporary = tempfile.TemporaryDirectory(prefix="wick-")
            self.path = os.path.join(self._temporary.name, "model.pt")
            with open(self.path, "wb") as file:
                file.write(self._bytes_of(model))
        self._key: str | None = None
        self._declarations: dict[str, dict[str, Any]] | None = None  # of methods and classes, once asked for
        self._lock = threading.Lock()

    @staticmethod
    def _bytes_of(model: Any) -> bytes:
        if isinstance(model, (bytes, bytearray, memoryview)):
            return bytes(model)
        if hasattr(model, "save_to_buffer"):  # a ScriptModule
            return model.save_to_buffer()
        if hasattr(model, "read"):
            return model.read()
        if any(cls.__module__.startswith("torch.nn.modules") for cls in type(model).__mro__):
            raise TypeError(
                f"{type(model).__name__} is a module of Python's; make it TorchScript first: "
                "torch.jit.script(model) or torch.jit.trace(model, inputs)"
            )
        raise TypeError(
            f"cannot compile an object of type {type(model).__name__}, expected a path, file or ScriptModule"
        )

    def _archive_key(self) -> str:
        if self._key is None:
            with open(self.path, "rb") as file:
                self._key = _cache.key(file.read())
        return self._key

    def arguments(self, inputs: Sequence[str], methods: Sequence[str], mutable: Iterable[str]) -> list[str]:
        """Of the compiler's command line, without the files."""
        arguments = []
        for name in mutable:
            arguments += ["--mutable", name]
        for spec in inputs:
            arguments += ["--input", spec]
        for method in methods:
            arguments += ["--method", method]
        if self.options.get("target"):
            arguments += ["--target", self.options["target"]]
        if self.options.get("sanitize"):
            arguments += ["--sanitize", self.options["sanitize"]]
        # The variable too, because the cache tells artifacts apart by these arguments.
        if not self.options.get("fallback", True) or os.environ.get("WICK_NO_FALLBACK", "0") not in ("", "0"):
            arguments.append("--no-fallback")
        if self.options.get("late_errors"):
            arguments.append("--late-errors")
        return arguments

    def compile(
        self, inputs: Sequence[str] = (), methods: Sequence[str] = (), mutable: Iterable[str] = ()
    ) -> _wick.Module:
        """The module for a signature, from the cache when it is there."""
        program = find_compiler()
        arguments = self.arguments(inputs, methods, mutable)
        cache = _cache.directory()
        if cache is None:
            with tempfile.TemporaryDirectory(prefix="wick-") as directory:
                output = os.path.join(directory, "model.wick")
                self._run(program, arguments, output)
                return self._load(output)
        name = _cache.key(self._archive_key(), arguments, _compiler_identity(program), _wick.cpu_features)
        output = cache / f"{name}.wick"
        try:
            module = self._load(str(output))
            _cache.touch(output)
            return module
        except (OSError, RuntimeError):
            pass  # not there, or damaged: made again
        with _cache.locked(cache, name):
            if not output.exists() or not self._is_sound(output):
                temporary = cache / f".{name}.{os.getpid()}.{threading.get_ident()}.tmp"
                try:
                    self._run(program, arguments, str(temporary))
                    os.replace(temporary, output)
                finally:
                    temporary.unlink(missing_ok=True)
            module = self._load(str(output))
        _cache.trim(cache, output)
        return module

    @staticmethod
    def _is_sound(path: Path) -> bool:
        try:
            _wick.check(path)
            return True
        except RuntimeError:
            return False

    def _load(self, path: str) -> _wick.Module:
        return _wick.load(
            path,
            threads=self.options.get("threads", 0),
            memory_limit=self.options.get("memory_limit", 0),
            time_limit=self.options.get("time_limit", 0),
        )

    def _declared(self, what: str) -> Any:
        """What the archive declares of methods, classes or attributes."""
        with self._lock:
            if self._declarations is None:
                result = self._execute(find_compiler(), "import", "--declarations", self.path)
                self._declarations = json.loads(result.stdout) if result.returncode == 0 else {}
        return self._declarations.get(what, ())

    def _declaration(self, method: str) -> str | None:
        """PyTorch's text for a method."""
        return dict(self._declared("methods")).get("forward" if method == "__call__" else method)

    def check_attributes(self, names: Iterable[str]) -> None:
        """Raises for names that are none of the model's attributes."""
        unknown = set(names).difference(self._declared("attributes"))
        if unknown:
            raise AttributeError(f"the model has no attribute {', '.join(map(repr, sorted(unknown)))}")

    def check_call(self, method: str, args: Sequence[Any], kwargs: dict[str, Any]) -> None:
        """Raises what PyTorch raises for arguments that do not fit the method's declaration."""
        declaration = self._declaration(method)
        if declaration:
            _arguments.check(declaration, args, kwargs, self._declared("classes"))

    def left_out(self, method: str, args: Sequence[Any], kwargs: dict[str, Any]) -> list[str]:
        """The --input arguments for what a call leaves out."""
        declaration = self._declaration(method)
        values = _arguments.left_out(declaration, args, kwargs) if declaration else {}
        return [f"{method}:{name}={value}" for name, value in values.items()]

    @staticmethod
    def _execute(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [program, *arguments]
        try:
            return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
        except OSError as error:
            raise CompileError(f"cannot run the compiler '{program}': {error.strerror}") from error

    def _run(self, program: str, arguments: Sequence[str], output: str) -> None:
        result = self._execute(program, "compile", self.path, "-o", output, *arguments)
        if result.returncode == 0:
            if self.options.get("verbose"):
                sys.stderr.write(result.stderr)
            return
        message = result.stderr.strip() or result.stdout.strip()
        if result.returncode < 0:
            message = f"the compiler was ended by signal {-result.returncode}\n{message}".strip()
        kind = ArgumentError if result.returncode == 2 else CompileError
        raise kind(message or f"the compiler failed with exit code {result.returncode}")


# --- signatures ---------------------------------------------------------------------------------------------------


# What a specification tells of an argument besides its type, each with what the ones before tell: nothing, which lists
# and dicts are empty, the lengths of lists, the values of ints and bools, and of what is left out. Code for a call is
# made for empty ones from the start, for of what they hold nothing is known.
_DETAILS = range(4)
_OF_CALLS = 1


def _specs_of(args: Sequence[Any], kwargs: dict[str, Any], method: str = "", detail: int = 0) -> list[str]:
    """The --input arguments that example arguments stand for, in some detail."""
    prefix = f"{method}:" if method else ""
    names = [*map(str, range(len(args))), *kwargs]
    described = zip(names, _wick.describe((*args, *kwargs.values()), detail))
    return [f"{prefix}{name}={re.sub('<.*?>', '_', spec)}" for name, spec in described]


def input_specs(inputs: Any, signature: Any) -> list[str]:
    """The --input arguments for `wick.compile(inputs=..., signature=...)`."""
    if signature is not None:
        if isinstance(signature, str):
            return [part.strip() for part in signature.split(",") if part.strip()]
        if isinstance(signature, dict):
            return [f"{name}={spec}" for name, spec in signature.items()]
        return [str(spec) for spec in signature]
    if isinstance(inputs, dict):
        return _specs_of((), inputs)
    if not isinstance(inputs, (tuple, list)):
        inputs = (inputs,)
    return _specs_of(inputs, {})


# --- just in time -------------------------------------------------------------------------------------------------


class _Specializations:
    """The compiled modules of an archive, by method and by the specifications of its arguments.

    Code is for the sizes of a call until others come, see `_sizes`.

    What a method stores in attributes says what types the others find there. So each is compiled with what those before
    store, and these are compiled anew, when they are called, where it stores more.
    """

    def __init__(self, archive: Archive):
        self.archive = archive
        self.generation = 0  # of what attributes hold
        self.detail: dict[str, int] = {}  # of methods that compile only where more than types is known
        # Of methods whose code depends on them: whether an argument is another one, whether gradients are required.
        self._repeats: set[str] = set()
        self._gradients: set[str] = set()
        self._modules: dict[tuple[str, str], _wick.Module] = {}
        self._seen: dict[str, list[str]] = {}  # the specifications that there was code for, of each method
        self._exact: set[str] = set()  # methods whose code is for one size of each dim
        self._held = Held()
        self._mutable: set[str] = set()  # attributes that callers have set and no method is known to write
        self._written: set[str] = set()  # those that some method writes
        self._lock = threading.Lock()

    def make_mutable(self, names: Iterable[str]) -> None:
        """Lets callers set attributes, which have been constants of the code so far unless methods write them."""
        with self._lock:
            new = set(names) - self._mutable - self._written
        if not new:
            return
        self.archive.check_attributes(new)
        with self._lock:
            self._mutable |= new
            self._modules.clear()
            self.generation += 1

    def find(self, method: str, args: Sequence[Any], kwargs: dict[str, Any]) -> _wick.Module:
        with self._lock:  # one compilation at a time; others meanwhile wait for theirs
            specs = self._text(method, args, kwargs)
            for known in (specs, *self._general_for(method, specs)):
                if module := self._modules.get((method, known)):
                    return module
            try:
                module, specs = self._compile(method, args, kwargs)
                _arguments.explain(module.manifest, method, args, kwargs)
            except (ArgumentError, CompileError):
                self.archive.check_call(method, args, kwargs)
                raise
            self._modules[method, specs] = module
            if specs not in (seen := self._seen.setdefault(method, [])):
                seen.append(specs)
            return module

    def _text(self, method: str, args: Sequence[Any], kwargs: dict[str, Any]) -> str:
        return "\n".join(self._specs(method, args, kwargs, self.detail.get(method, _OF_CALLS)))

    def _general_for(self, method: str, specs: str) -> list[str]:
        """The specifications that there was code for which take sizes of a call and others, the latest first."""
        seen = reversed(self._seen.get(method, ()) if method not in self._exact else ())
        return [known for known in seen if known != specs and _sizes.matcher(known).fullmatch(specs)]

    def _generalize(self, method: str, specs: str) -> str | None:
        """Specifications for the sizes of a call and of one before; None where there is none that differs in sizes."""
        if method in self._exact:
            return None
        if known := self._general_for(method, specs):
            return known[0]
        general = (_sizes.generalize(known, specs) for known in reversed(self._seen.get(method, ())))
        return next(filter(None, general), None)

    def key(self, method: str, args: Sequence[Any], kwargs: dict[str, Any]) -> tuple:
        """What tells the signature of a call from others."""
        detail = self.detail.get(method, _OF_CALLS)
        key = _wick.describe(args, detail)
        if kwargs:
            names = tuple(sorted(kwargs))
            key = key, names, _wick.describe(tuple(kwargs[name] for name in names), detail)
        if method in self._repeats or method in self._gradients:
            key = key, *self.repeated(method, args, kwargs).items(), *self._required(method, args, kwargs)
        return key

    def repeated(self, method: str, args: Sequence[Any], kwargs: dict[str, Any]) -> dict[int | str, int | str]:
        """The arguments that are the same tensor as others before them, with these, where code must know it."""
        if method not in self._repeats:
            return {}
        first: dict[tuple, int | str] = {}
        return {
            name: first[place]
            for name, value in (*enumerate(args), *kwargs.items())
            if (place := _place_of(value)) and first.setdefault(place, name) != name
        }

    def _required(self, method: str, args: Sequence[Any], kwargs: dict[str, Any]) -> list[int | str]:
        """The arguments of which gradients are required, where the program asks for that."""
        if method not in self._gradients:
            return []
        return [
            name
            for name, value in (*enumerate(args), *kwargs.items())
            if getattr(value, "requires_grad", False) and _place_of(value)
        ]

    def _note_dependences(self, method: str, manifest: str) -> None:
        """Learns what else than types the code for a method depends on."""
        described = next((m for m in json.loads(manifest)["methods"] if m["name"] == method), {"arguments": ()})
        if any(argument.get("written") for argument in described["arguments"]):
            self._repeats.add(method)
        if any("requires_grad" in argument for argument in described["arguments"]):
            self._gradients.add(method)
        state = json.loads(manifest).get("state", {}).get("attributes", ())
        self._written.update({attribute["name"] for attribute in state} - self._mutable)

    def _compile(self, method: str, args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[_wick.Module, str]:
        """Code for a call, and what it is for. It relies on what attributes are known to hold, and makes others' code
        void that does on less."""
        held = self._held.specs()
        specs = self._generalize(method, self._text(method, args, kwargs))
        module = None
        if specs is not None:
            try:
                module = self._build(method, specs.split("\n"), held)
            except CompileError:  # a rank depends on a size, say
                self._exact.add(method)
        if module is None:
            try:
                module = self._compile_exactly(held, method, args, kwargs)
                specs = self._text(method, args, kwargs)  # by what is known of the method now
            except CompileError as error:
                exact = self._text(method, args, kwargs)
                if _sizes.widen(exact) == exact:
                    raise

                def build() -> _wick.Module:
                    return self._build(method, _sizes.widen(self._text(method, args, kwargs)).split("\n"), held)

                try:
                    module = self._learn(method, args, kwargs, build)
                except CompileError:
                    raise error from None
                specs = _sizes.widen(self._text(method, args, kwargs))
        if self._held.add(module.manifest):
            self._modules = {key: known for key, known in self._modules.items() if self._held.fits(known.manifest)}
            self.generation += 1
        return module, specs

    def _compile_exactly(
        self, held: Sequence[str], method: str, args: Sequence[Any], kwargs: dict[str, Any]
    ) -> _wick.Module:
        """Code for the sizes of a call."""
        try:
            return self._learn(method, args, kwargs, lambda: self._compile_with(held, method, args, kwargs))
        except CompileError:
            if not held:
                raise
            with contextlib.suppress(CompileError):  # what is stored does not go together: calls check what they find
                return self._compile_with([], method, args, kwargs)
            raise

    def _learn(
        self, method: str, args: Sequence[Any], kwargs: dict[str, Any], build: Callable[[], _wick.Module]
    ) -> _wick.Module:
        """What `build` makes; once more where that shows that the code depends on more of this call than types."""
        module = build()
        self._note_dependences(method, module.manifest)
        if self.repeated(method, args, kwargs) or self._required(method, args, kwargs):
            module = build()
        return module

    def _build(self, method: str, specs: Iterable[str], held: Sequence[str]) -> _wick.Module:
        return self.archive.compile([*specs, *held], [method], sorted(self._mutable))

    def _specs(self, method: str, args: Sequence[Any], kwargs: dict[str, Any], detail: int) -> list[str]:
        """The --input arguments for a call."""
        repeated, required = self.repeated(method, args, kwargs), self._required(method, args, kwargs)
        own_args, own_kwargs = _without(repeated, args, kwargs)
        specs = _specs_of(own_args, own_kwargs, method, detail)
        names = [name for name in (*range(len(args)), *kwargs) if name not in repeated]
        specs = [spec + " requires_grad" * (name in required) for name, spec in zip(names, specs)]
        return specs + [f"{method}:{name}=&{first}" for name, first in repeated.items()]

    def _compile_with(
        self, held: Sequence[str], method: str, args: Sequence[Any], kwargs: dict[str, Any]
    ) -> _wick.Module:
        """Code for a call, given what attributes hold.

        It takes lists of any length and any numbers, unless the types of the program depend on how long the lists are
        or on a number, say a dim.
        """

        def specs_in(detail: int) -> list[str]:
            specs = self._specs(method, args, kwargs, detail)
            return specs + self.archive.left_out(method, args, kwargs) if detail == _DETAILS[-1] else specs

        known = self.detail.get(method, _OF_CALLS)
        specs = specs_in(known)
        try:
            return self._build(method, specs, held)
        except CompileError:
            for detail in _DETAILS[known + 1 :]:
                before, specs = specs, specs_in(detail)
                if specs == before:
                    continue
                with contextlib.suppress(CompileError):
                    module = self._build(method, specs, held)
                    self.detail[method] = detail
                    return module
            raise  # the first error, which says more


def _place_of(value: Any) -> tuple | None:
    """What two arguments have in common that are the same tensor; None for what is none."""
    if not hasattr(value, "__dlpack__"):
        return None
    if not hasattr(value, "data_ptr"):
        return (id(value),)
    return value.data_ptr(), value.dtype, tuple(value.shape), tuple(value.stride())


def _without(left_out: Container[int | str], args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[tuple, dict]:
    """Arguments less some of them, by number or name."""
    kept = tuple(value for i, value in enumerate(args) if i not in left_out)
    return kept, {name: value for name, value in kwargs.items() if name not in left_out}


class _Reduced:
    """Code that takes arguments once which its callers give several times."""

    def __init__(self, call: Any, repeated: Container[int | str]):
        self._call, self._repeated = call, repeated

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        args, kwargs = _without(self._repeated, args, kwargs)
        return self._call(*args, **kwargs)


# How many signatures of calls a method remembers the code for; it finds that of others, which takes longer.
_MAX_KNOWN = 1024


class _JitMethod:
    """A method of a session, with the code for each signature that it was called with."""

    def __init__(self, session: JitSession, name: str):
        self._session = session
        self._name = name
        self._calls: dict[tuple, Any] = {}
        self._generation = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        compiled = self._session._compiled
        key = compiled.key(self._name, args, kwargs)
        if self._generation != compiled.generation:
            self._calls = {}
            self._generation = compiled.generation
        call = self._calls.get(key)
        if call is None:
            session = self._session._session_of(compiled.find(self._name, args, kwargs))
            key = compiled.key(self._name, args, kwargs)
            # Calling a session runs its method __call__, which runs forward between the hooks.
            call = session if self._name == "__call__" else session.method(self._name)
            if repeated := compiled.repeated(self._name, args, kwargs):
                call = _Reduced(call, repeated)
            if len(self._calls) >= _MAX_KNOWN:
                self._calls.clear()
            self._calls[key] = call
        return call(*args, **kwargs)


class JitSession:
    """State for calls of a `JitModule`, whatever their signatures.

    Calls, methods and attributes are those of `Session`; an attribute is there once a method that uses it was called.
    """

    def __init__(self, compiled: _Specializations, limits: dict[str, Any]):
        self._compiled = compiled
        self._limits = limits
        self._lock = threading.Lock()
        self._sessions: dict[_wick.Module, _wick.Session] = {}
        self._pending: dict[str, Any] = {}
        self._seed: int | None = None
        self._methods: dict[str, _JitMethod] = {}
        self._call = _JitMethod(self, "__call__")

    def _session_of(self, module: _wick.Module) -> _wick.Session:
        """The session of one module; all have their state in common."""
        with self._lock:
            session = self._sessions.get(module)
            if session is None:
                first = next(iter(self._sessions.values()), None)
                session = module.session(share=first, **self._limits)
                new = {name: self._pending.pop(name) for name in session.attributes if name in self._pending}
                session.load_state_dict(new, strict=False)
                if first is None and self._seed is not None:
                    session.manual_seed(self._seed)
                self._sessions[module] = session
            return session

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._call(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        for session in list(self._sessions.values()):
            if name in session.attributes:
                return getattr(session, name)
        return self.method(name)

    def method(self, name: str) -> _JitMethod:
        """A method of the model, whatever its name, as `Session.method`."""
        return self._methods.setdefault(name, _JitMethod(self, name))

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            object.__setattr__(self, name, value)
        else:
            self.load_state_dict({name: value})

    def state_dict(self) -> dict[str, Any]:
        """Copies of the attributes that methods change, of those methods that were called."""
        state = dict(self._pending)
        for session in list(self._sessions.values()):
            state.update(session.state_dict())
        return state

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Sets attributes to copies of the values; those that no method has used yet when one does."""
        self._compiled.make_mutable(state)
        with self._lock:
            known = set()
            for session in self._sessions.values():
                session.load_state_dict(state, strict=False)
                known.update(session.attributes)
            self._pending.update({name: value for name, value in state.items() if name not in known})

    def manual_seed(self, seed: int) -> None:
        """Starts the session's random numbers anew, as `Session.manual_seed`."""
        with self._lock:
            self._seed = seed
            for session in list(self._sessions.values())[:1]:  # they share one stream
                session.manual_seed(seed)

    def copy(self) -> JitSession:
        """A session with the same limits and a copy of the state."""
        copied = JitSession(self._compiled, self._limits)
        copied.load_state_dict(self.state_dict())
        return copied

    def cancel(self) -> None:
        """Ends the calls that run now, in other threads: they raise CancelledError."""
        for session in list(self._sessions.values()):
            session.cancel()


class JitModule(JitSession):
    """A model that is compiled when it is called: for the dtypes and shapes of the first call, and where sizes differ
    later, for any.

    Calls and methods are those of `Module`; all signatures share one state. Compiled code is kept in the cache on
    disk, so that the next process finds it there.
    """

    def __init__(self, archive: Archive):
        limits = {name: archive.options[name] for name in ("threads", "memory_limit", "time_limit")}
        super().__init__(_Specializations(archive), limits)

    def session(self, *, threads: int = 0, memory_limit: int = 0, time_limit: float = 0) -> JitSession:
        """State of its own, as `Module.session`."""
        return JitSession(self._compiled, dict(threads=threads, memory_limit=memory_limit, time_limit=time_limit))

    def __repr__(self) -> str:
        return f"<wick.JitModule '{self._compiled.archive.path}'>"


def compile(
    model: Any,
    inputs: Any = None,
    *,
    signature: Any = None,
    methods: Sequence[str] = (),
    mutable: Sequence[str] = (),
    device: str = "cpu",
    fallback: bool = True,
    target: str | None = None,
    sanitize: str | None = None,
    threads: int = 0,
    memory_limit: int = 0,
    time_limit: float = 0,
) -> Any:
    """Compiles a TorchScript model to native code.

    Args:
        model: Path of an archive that `torch.jit.save` wrote, a file with its bytes, or a ScriptModule.
        inputs: Example arguments, a tuple, or a dict by name; the code is for their dtypes and shapes.
        signature: What is known of the arguments instead, as "Bx3xHxWxf32": names tie equal dims, '?' is free. Several
            as a list or separated by commas, or a dict by name; "method:" in front says which method's they are.
        methods: Methods to compile; all that the signature allows when empty.
        mutable: Attributes that will be set from outside, as "threshold" or "block.scale", besides those that methods
            write; others are constants of the code. A `JitModule` learns of them when they are set.
        device: Where the code runs; "cpu" is the only one now.
        fallback: Whether operators without native code may call LibTorch.
        target: Instruction set to generate code for; that of this machine when None.
        sanitize: "address" or "thread" instruments the code, for a runtime that is built with that sanitizer only.
        threads, memory_limit, time_limit: Of the module's own session, see `Module.session`.

    Returns:
        A `Module`; without inputs and signature a `JitModule`, which compiles at the first call for each signature.

    Raises:
        CompileError: The model does not compile; the message says why, with places in the model's source.
    """
    if device != "cpu":
        raise ValueError(f"device '{device}' is not supported, expected 'cpu'")
    options = dict(
        target=target,
        sanitize=sanitize,
        fallback=fallback,
        threads=threads,
        memory_limit=memory_limit,
        time_limit=time_limit,
    )
    archive = Archive(model, options)
    if inputs is None and signature is None:
        options["late_errors"] = True  # a call is made: it ends as LibTorch's would
        compiled = JitModule(archive)
        compiled._compiled.make_mutable(mutable)
        return compiled
    return archive.compile(input_specs(inputs, signature), methods, mutable)
