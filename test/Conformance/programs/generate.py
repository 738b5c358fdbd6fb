"""Random well-typed programs: a module with attributes, methods and functions, and the arguments of two calls.

Programs are text, complete with what to import, so that one that was found can be kept as it is. `Program` is the
module, CALLS the arguments of calls to make in turn, SIGNATURE what the compiler is told of them.
"""

import contextlib
import random
from dataclasses import dataclass, field

import kinds
from expressions import FLOATS, INTS, SHAPES, STRINGS, Expressions
from kinds import Dict, List, Optional, Tensor, Tuple, annotation

HEADER = """import math
from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor
"""
SYMBOL_SIZES = [{"N": 3, "M": 2}, {"N": 5, "M": 4}]


@dataclass
class Function:
    name: str  # as it is called
    parameters: list
    result: object


@dataclass
class Context:
    """Of the function that is being written."""

    loops: int = 0
    scopes: list = field(default_factory=lambda: [{}])
    lines: list = field(default_factory=list)
    returns: list = field(default_factory=list)  # lines that return early, and what is in scope there
    indent: int = 0


class Generator(Expressions):
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self._makers = {}
        self.functions, self.attributes = [], {}
        self.names = 0
        self.context = None

    # --- names and scopes ---

    def fresh(self):
        self.names += 1
        return f"v{self.names}"

    @contextlib.contextmanager
    def scope(self):
        self.context.scopes.append({})
        yield
        self.context.scopes.pop()

    def declare(self, name, kind):
        self.context.scopes[-1][name] = kind

    def variables(self, test):
        return [name for scope in self.context.scopes for name, kind in scope.items() if test(kind)]

    def assignable(self, test):
        """Those that may be given another value: not the variables of loops, so that loops end."""
        return [name for name in self.variables(test) if not name.startswith("i")]

    def kind_of(self, name):
        return next(scope[name] for scope in reversed(self.context.scopes) if name in scope)

    # --- types ---

    def some_tensor(self):
        known = (
            [self.kind_of(name) for name in self.variables(lambda kind: isinstance(kind, Tensor))]
            if self.context
            else []
        )
        if known and self.rng.random() < 0.6:
            return self.rng.choice(known)
        return Tensor(self.rng.choice(["f32", "f32", "f32", "i64", "i64", "bool", "f64"]), self.rng.choice(SHAPES))

    def some_scalar(self):
        return self.rng.choice(["int", "int", "float", "bool", "str"])

    def some_list(self):
        return List(
            self.rng.choice(["int", "int", "float", "str", self.some_tensor(), self.some_tensor(), List("int")])
        )

    def some_kind(self):
        return self.rng.choice(
            [self.some_scalar] * 3
            + [self.some_tensor] * 5
            + [self.some_list] * 2
            + [
                lambda: Dict(
                    self.rng.choice(["str", "int"]),
                    self.rng.choice(["int", "float", "str", self.some_tensor(), List("int")]),
                ),
                lambda: Tuple(tuple(self.rng.choice([self.some_scalar, self.some_tensor])() for _ in range(2))),
                lambda: Optional(self.rng.choice(["int", "str", self.some_tensor()])),
            ]
        )()

    # --- statements ---

    def write(self, line):
        self.context.lines.append("    " * self.context.indent + line)

    @contextlib.contextmanager
    def block(self, line):
        self.write(line)
        self.context.indent += 1
        before = len(self.context.lines)
        with self.scope():
            yield
        if len(self.context.lines) == before:
            self.write("pass")
        self.context.indent -= 1

    def statements(self, count):
        for _ in range(count):
            for _ in range(5):
                if self.rng.choice(self.STATEMENTS)(self) is not False:
                    break

    def do_define(self):
        name, kind = self.fresh(), self.some_kind()
        self.write(f"{name}: {annotation(kind)} = {self.expression(kind, 3)}")
        self.declare(name, kind)

    def do_view(self):
        view = self.some_view(lambda kind: True, self.rng.choice([1, 1, 2]))
        if not view:
            return False
        name = self.fresh()
        self.write(f"{name} = {view[0]}")
        self.declare(name, view[1])
        return True

    def do_alias(self):
        names = self.variables(lambda kind: not isinstance(kind, (str, Optional)))
        if not names:
            return False
        name, source = self.fresh(), self.rng.choice(names)
        self.write(f"{name} = {source}")
        self.declare(name, self.kind_of(source))
        return True

    def do_assign(self):
        names = self.assignable(lambda kind: True)
        if not names:
            return False
        name = self.rng.choice(names)
        self.write(f"{name} = {self.expression(self.kind_of(name), 3)}")
        return True

    def do_augment(self):
        names = self.assignable(lambda kind: kind in ("int", "float", "str") or isinstance(kind, (List, Tensor)))
        if not names:
            return False
        name = self.rng.choice(names)
        kind = self.kind_of(name)
        if kind == "str":
            self.write(f"{name} += {self.leaf(kind)}[:2]")
        elif isinstance(kind, List):
            self.write(f"{name} += {self.expression(kind, 1)}[:2]")
        elif isinstance(kind, Tensor) and kind.dtype == "bool":
            self.write(f"{name} {self.rng.choice('&|^')}= {self.expression(kind, 2)}")
        else:
            self.write(f"{name} {self.rng.choice(['+', '-', '*'])}= {self.expression(kind, 2)}")
        return True

    def do_swap(self):
        names = self.assignable(lambda kind: True)
        if not names:
            return False
        a = self.rng.choice(names)
        b = self.rng.choice(self.assignable(lambda kind: kind == self.kind_of(a)))
        self.write(f"{a}, {b} = {b}, {a}")
        return a != b

    def do_unpack(self):
        names = self.variables(lambda kind: isinstance(kind, Tuple))
        functions = [function for function in self.functions if isinstance(function.result, Tuple)]
        if functions and self.rng.random() < 0.6:
            function = self.rng.choice(functions)
            kind = function.result
            text = f"{function.name}({', '.join(self.expression(k, 1) for k in function.parameters)})"
        elif names:
            text = self.rng.choice(names)
            kind = self.kind_of(text)
        else:
            return False
        new = [self.fresh() for _ in kind.elements]
        self.write(f"{', '.join(new)} = {text}")
        for name, element in zip(new, kind.elements):
            self.declare(name, element)
        return True

    def do_write_tensor(self):
        view = self.some_view(lambda kind: kind.shape or self.rng.random() < 0.3)
        if not view:
            return False
        text, kind = view
        number = self.number(kind.dtype)
        value = Tensor(kind.dtype, kind.shape)
        forms = [f"{text}.zero_()", f"{text}.fill_({number})", f"{text}.copy_({self.expression(value, 2)})"]
        if kind.dtype == "bool":
            forms += [f"{text}.logical_not_()", f"{text}.logical_and_({self.expression(value, 1)})"]
        else:
            forms += [f"{text}.add_({number})", f"{text}.mul_({number})", f"{text}.neg_()", f"{text}.clamp_(-9, 9)"]
            forms += [f"{text}.add_({self.expression(value, 2)})", f"{text}.sub_({self.expression(value, 1)})"]
            mask = self.expression(Tensor("bool", kind.shape), 1)
            forms += [f"{text}.masked_fill_({mask}, {number})", f"{text}[{mask}] = {number}"]
            if kind.dtype == "f32":
                forms.append(f"torch.add({self.expression(value, 1)}, {number}, out={text})")
        if kind.shape:
            size, rest = kind.shape[0], Tensor(kind.dtype, kind.shape[1:])
            index = self.index(size)
            forms += [f"{text}[{index}] = {self.expression(rest, 2)}", f"{text}[{index}] = {number}"] * 3
            if isinstance(size, int) and size > 1:
                at = self.rng.randrange(1, size)
                part = Tensor(kind.dtype, (size - at, *kind.shape[1:]))
                forms += [f"{text}[{at}:] = {self.expression(part, 2)}", f"{text}[:{at}] = {number}"]
            if kind.dtype != "bool":
                forms.append(f"{text}[{index}] {self.rng.choice(['+=', '-=', '*='])} {number}")
        self.write(self.rng.choice(forms))
        return True

    def do_write_list(self):
        names = self.variables(lambda kind: isinstance(kind, List))
        if not names:
            return False
        name = self.rng.choice(names)
        element = self.kind_of(name).element
        value = self.expression(element, 2)
        forms = [f"{name}.append({value})"] * 4 + [
            f"{name}.insert({self.leaf('int')} % 3, {value})",
            f"{name}.reverse()",
        ]
        forms += [f"{name}.clear()", f"{name}.extend({self.expression(List(element), 1)}[:2])"]
        guarded = [f"{name}[{self.rng.choice(['0', '-1'])}] = {value}"] * 3 + [
            f"{name}.pop()",
            f"{name}.pop(0)",
            f"del {name}[0]",
        ]
        if element in ("int", "float", "str"):
            forms.append(f"{name}.sort()")
        if self.rng.random() < 0.4:
            if self.rng.random() < 0.1:
                self.write(self.rng.choice(guarded))
            else:
                with self.block(f"if len({name}) > 0:"):
                    self.write(self.rng.choice(guarded))
        else:
            self.write(self.rng.choice(forms))
        return True

    def do_write_dict(self):
        names = self.variables(lambda kind: isinstance(kind, Dict))
        if not names:
            return False
        name = self.rng.choice(names)
        kind = self.kind_of(name)
        key, value = self.leaf(kind.key), self.expression(kind.value, 2)
        form = self.rng.random()
        if form < 0.7:
            self.write(f"{name}[{key}] = {value}")
        elif form < 0.85:
            self.write(
                self.rng.choice(
                    [f"{name}.update({self.leaf(kind)})", f"{name}.setdefault({key}, {value})", f"{name}.clear()"]
                )
            )
        else:
            with self.block(f"if {key} in {name}:"):
                self.write(self.rng.choice([f"{name}.pop({key})", f"del {name}[{key}]"]))
        return True

    def do_write_attribute(self):
        names = [name for name in self.attributes if name in self.context.scopes[0]]
        if not names:
            return False
        name = self.rng.choice(names)
        self.write(f"{name} = {self.expression(self.attributes[name], 3)}")
        return True

    def do_call(self):
        if not self.functions:
            return False
        function = self.rng.choice(self.functions)
        name = self.fresh()
        self.write(f"{name} = {function.name}({', '.join(self.expression(k, 1) for k in function.parameters)})")
        if not isinstance(function.result, Optional):
            self.declare(name, function.result)
        return True

    def body(self):
        self.statements(self.rng.choice([1, 1, 2, 2, 3]) if self.context.indent < 4 else 1)

    def do_if(self):
        if self.context.indent > 5:
            return False
        with self.block(f"if {self.expression('bool')}:"):
            self.body()
        if self.rng.random() < 0.2:
            with self.block(f"elif {self.expression('bool')}:"):
                self.body()
        if self.rng.random() < 0.5:
            with self.block("else:"):
                self.body()
        return True

    def do_define_in_branches(self):
        name, kind = self.fresh(), self.some_kind()
        if isinstance(kind, Optional):
            return False
        for line in (f"if {self.expression('bool')}:", "else:"):
            with self.block(line):
                if self.rng.random() < 0.4:
                    self.statements(1)
                self.write(f"{name} = {self.expression(kind, 2)}")
        self.declare(name, kind)
        return True

    def do_refine(self):
        names = self.variables(lambda kind: isinstance(kind, Optional))
        names = [name for name in names if "." not in name]  # only local variables are refined
        if not names:
            return False
        name = self.rng.choice(names)
        new = self.fresh()
        with self.block(f"if {name} is not None:"):
            self.write(f"{new} = {name}")
            self.declare(new, self.kind_of(name).of)
            self.body()
        return True

    def do_for(self):
        if self.context.indent > 4 or self.context.loops > 2:
            return False
        name = f"i{self.fresh()}"
        lists = self.variables(lambda kind: isinstance(kind, List))
        dicts = self.variables(lambda kind: isinstance(kind, Dict))
        tensors = self.variables(lambda kind: isinstance(kind, Tensor) and kind.shape)
        count = self.rng.choice(["2", "3", f"{self.expression('int', 1)} % 4", "1, 4", "4, 0, -2", "0"])
        forms = [(f"for {name} in range({count}):", {name: "int"})] * 4
        if lists:
            source = self.rng.choice(lists)
            element = self.kind_of(source).element
            forms += [(f"for {name} in {source}[:4]:", {name: element})] * 2
            forms.append((f"for {name}, {name}e in enumerate({source}[:4]):", {name: "int", f"{name}e": element}))
            forms.append((f"for {name}, {name}e in zip(range(3), {source}):", {name: "int", f"{name}e": element}))
        if dicts:
            source = self.rng.choice(dicts)
            kind = self.kind_of(source)
            forms.append((f"for {name}, {name}e in {source}.items():", {name: kind.key, f"{name}e": kind.value}))
            forms.append((f"for {name} in {source}:", {name: kind.key}))
        if tensors:
            source = self.rng.choice(tensors)
            kind = self.kind_of(source)
            forms.append((f"for {name} in {source}:", {name: Tensor(kind.dtype, kind.shape[1:])}))
            forms.append((f"for {name} in range({source}.size(0)):", {name: "int"}))
        forms.append((f"for {name} in {self.expression('str', 1)}[:4]:", {name: "str"}))
        line, declared = self.rng.choice(forms)
        self.loop(line, declared)
        return True

    def do_while(self):
        if self.context.indent > 4 or self.context.loops > 2:
            return False
        counter = f"i{self.fresh()}"
        self.write(f"{counter} = {self.rng.choice(['0', '1'])}")
        self.declare(counter, "int")
        condition = f"{counter} < {self.rng.choice([2, 3, 4])}"
        if self.rng.random() < 0.5:
            condition += f" and {self.expression('bool', 1)}"
        self.loop(f"while {condition}:", {}, f"{counter} += 1")
        return True

    def loop(self, line, declared, first=None):
        with self.block(line):
            for name, kind in declared.items():
                self.declare(name, kind)
            if first:
                self.write(first)
            self.context.loops += 1
            self.body()
            if self.rng.random() < 0.3:
                with self.block(f"if {self.expression('bool', 1)}:"):
                    self.write(self.rng.choice(["break", "continue"]))
                self.statements(1)
            self.context.loops -= 1

    def do_return(self):
        if self.rng.random() < 0.6:
            return False
        with self.block(f"if {self.expression('bool')}:"):
            self.context.returns.append((len(self.context.lines), [dict(scope) for scope in self.context.scopes]))
            self.write("return")
        return True

    def do_raise(self):
        if self.rng.random() < 0.6:
            return False
        if self.rng.random() < 0.5:
            self.write(f"assert {self.expression('bool')}, {self.expression('str', 1)}")
        else:
            with self.block(f"if {self.expression('bool')} and {self.expression('bool', 1)}:"):
                error = self.rng.choice(["ValueError", "RuntimeError", "KeyError", "IndexError"])
                self.write(f"raise {error}({self.expression('str', 1)})")
        return True

    STATEMENTS = (
        [do_define] * 6
        + [do_write_tensor] * 7
        + [do_view, do_for, do_if, do_write_list] * 3
        + [do_alias, do_assign, do_augment, do_write_dict, do_write_attribute, do_while, do_call, do_define_in_branches]
        * 2
        + [do_swap, do_unpack, do_refine, do_return, do_raise]
    )

    # --- functions and programs ---

    def function(self, name, parameters, statements, method=False, results=1):
        """Lines and type of the result; parameters are pairs of name and type."""
        self.context = context = Context()
        if method:
            context.scopes[0].update(self.attributes)
        for parameter, kind in parameters:
            self.declare(parameter, kind)
        self.write("def")
        context.indent += 1
        known = set()
        for parameter, kind in parameters:
            for dim, size in enumerate(kind.shape if isinstance(kind, Tensor) else ()):
                if isinstance(size, str) and size not in known:
                    known.add(size)
                    self.write(f"{size} = {parameter}.size({dim})")
        self.statements(statements)
        result = self.some_result(results)
        self.write(f"return {self.leaf(result)}")
        for line, scopes in context.returns:
            context.scopes = scopes
            context.lines[line] += f" {self.expression(result, 2)}"
        arguments = ["self"] * method + [f"{parameter}: {annotation(kind)}" for parameter, kind in parameters]
        context.lines[0] = f"def {name}({', '.join(arguments)}) -> {annotation(result)}:"
        self.context = None
        return context.lines, result

    def some_result(self, count):
        """The type of something in scope, or a tuple of several."""
        names = self.variables(lambda kind: True)
        if not names:
            return self.some_kind()
        chosen = [self.kind_of(self.rng.choice(names)) for _ in range(count)]
        return chosen[0] if count == 1 else Tuple(tuple(chosen))

    def some_parameter(self, varying):
        kind = self.some_kind()
        while isinstance(kind, Optional) or (isinstance(kind, Tuple) and varying):
            kind = self.some_kind()
        if varying and isinstance(kind, Tensor) and kind.shape:
            names = {3: "N", 2: "M"}
            kind = Tensor(kind.dtype, tuple(names.get(size, size) for size in kind.shape))
        return kind

    def program(self):
        """The text of a program."""
        rng = self.rng
        varying = rng.random() < 0.4
        chunks, methods = [], []
        for index in range(rng.choice([0, 1, 1, 2])):
            parameters = [(f"p{at}", self.some_kind()) for at in range(rng.choice([1, 2, 3]))]
            lines, result = self.function(f"function{index}", parameters, rng.choice([1, 2, 3, 4]))
            chunks.append(lines)
            self.functions.append(Function(f"function{index}", [kind for _, kind in parameters], result))
        self.attributes = {f"self.a{index}": self.some_kind() for index in range(rng.choice([0, 1, 2, 3, 4]))}
        for index in range(rng.choice([0, 0, 1, 2])):
            parameters = [(f"p{at}", self.some_kind()) for at in range(rng.choice([0, 1, 2]))]
            lines, result = self.function(f"method{index}", parameters, rng.choice([1, 2, 3, 4]), method=True)
            methods.append(lines)
            self.functions.append(Function(f"self.method{index}", [kind for _, kind in parameters], result))
        parameters = [(f"x{at}", self.some_parameter(varying)) for at in range(rng.choice([1, 2, 3, 4]))]
        methods.append(self.function("forward", parameters, rng.choice([4, 6, 8, 12]), True, rng.choice([2, 3, 4]))[0])
        return self.text(chunks, methods, parameters)

    def text(self, chunks, methods, parameters):
        lines = [HEADER]
        for chunk in chunks:
            lines += ["", *chunk, ""]
        lines += ["", "class Program(torch.nn.Module):"]
        for name, kind in self.attributes.items():
            if not isinstance(kind, Tensor):
                lines.append(f"    {name.removeprefix('self.')}: {annotation(kind)}")
        lines += ["", "    def __init__(self):", "        super().__init__()"]
        for name, kind in self.attributes.items():
            value = self.literal(kind, {})
            if isinstance(kind, Tensor):
                lines.append(f'        self.register_buffer("{name.removeprefix("self.")}", {value})')
            else:
                lines.append(f"        {name} = {value}")
        for method in methods:
            lines += ["", *("    " + line for line in method)]
        lines += ["", ""]
        specifications = [kinds.specification(kind) for _, kind in parameters]
        lines.append(f"SIGNATURE = [{', '.join(repr(text) for text in specifications)}]".replace("'", '"'))
        lines.append("CALLS = [")
        for symbols in SYMBOL_SIZES:
            lines.append(f"    ({', '.join(self.literal(kind, symbols) for _, kind in parameters)},),")
        lines += ["]", ""]
        return "\n".join(lines)

    def literal(self, kind, symbols):
        """A value from outside the program."""
        rng = self.rng
        if isinstance(kind, Tensor):
            return self.tensor_literal(kind, [symbols.get(size, size) for size in kind.shape])
        if isinstance(kind, List):
            return f"[{', '.join(self.literal(kind.element, symbols) for _ in range(rng.choice([0, 1, 2, 3])))}]"
        if isinstance(kind, Dict):
            keys = rng.sample(self.keys(kind.key), rng.choice([0, 1, 2, 3]))
            return f"{{{', '.join(f'{key}: {self.literal(kind.value, symbols)}' for key in keys)}}}"
        if isinstance(kind, Tuple):
            return f"({', '.join(self.literal(element, symbols) for element in kind.elements)},)"
        if isinstance(kind, Optional):
            return rng.choice(["None", self.literal(kind.of, symbols)])
        return rng.choice({"int": INTS, "float": FLOATS, "bool": ["True", "False"], "str": STRINGS}[kind])

    def tensor_literal(self, kind, shape):
        def nested(dims):
            if dims:
                return f"[{', '.join(nested(dims[1:]) for _ in range(dims[0]))}]"
            return self.rng.choice({"bool": ["True", "False"], "i64": INTS}.get(kind.dtype, FLOATS))

        suffix = ", dtype=torch.float64" if kind.dtype == "f64" else ""
        return f"torch.tensor({nested(shape)}{suffix})"


def generate(seed):
    """The text of the program of a seed."""
    return Generator(seed).program()
