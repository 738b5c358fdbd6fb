"""A calculator: tokens, shunting-yard, a stack machine, variables that stay, errors with positions."""

import math
from enum import Enum
from typing import Dict, List, NamedTuple, Optional, Tuple

import torch
from torch import nn


class Kind(Enum):
    NUMBER = 0
    NAME = 1
    OPERATOR = 2
    OPEN = 3
    CLOSE = 4


class Token(NamedTuple):
    kind: Kind
    text: str
    at: int


@torch.jit.script
class Stack(object):
    def __init__(self):
        self.items: List[float] = []

    def push(self, x: float):
        self.items.append(x)

    def pop(self) -> float:
        if len(self.items) == 0:
            raise IndexError("stack underflow")
        return self.items.pop()

    def __len__(self) -> int:
        return len(self.items)


def tokenize(text: str) -> List[Token]:
    tokens: List[Token] = []
    i = 0
    while i < len(text):
        c = text[i]
        if c.isspace():
            i += 1
            continue
        start = i
        if c.isdigit() or c == ".":
            while i < len(text) and (text[i].isdigit() or text[i] == "."):
                i += 1
            tokens.append(Token(Kind.NUMBER, text[start:i], start))
        elif c.isalpha() or c == "_":
            while i < len(text) and (text[i].isalnum() or text[i] == "_"):
                i += 1
            tokens.append(Token(Kind.NAME, text[start:i], start))
        elif c == "(":
            tokens.append(Token(Kind.OPEN, c, start))
            i += 1
        elif c == ")":
            tokens.append(Token(Kind.CLOSE, c, start))
            i += 1
        elif c in "+-*/^=":
            tokens.append(Token(Kind.OPERATOR, c, start))
            i += 1
        else:
            raise ValueError(f"unexpected '{c}' at {start}")
    return tokens


class Calculator(nn.Module):
    precedence: Dict[str, int]
    variables: Dict[str, float]
    history: List[Tuple[str, float]]

    def __init__(self):
        super().__init__()
        self.precedence = {"+": 1, "-": 1, "*": 2, "/": 2, "neg": 3, "^": 4}
        self.variables = {"pi": math.pi}
        self.functions = ["sqrt", "sin", "max"]
        self.history = []

    @torch.jit.export
    def to_rpn(self, text: str) -> List[str]:
        out: List[str] = []
        ops: List[Token] = []
        previous: Optional[Token] = None
        for token in tokenize(text):
            if token.kind == Kind.NUMBER:
                out.append(token.text)
            elif token.kind == Kind.NAME:
                if token.text in self.functions:
                    ops.append(token)
                else:
                    out.append("$" + token.text)
            elif token.kind == Kind.OPEN:
                ops.append(token)
            elif token.kind == Kind.CLOSE:
                while len(ops) > 0 and ops[-1].kind != Kind.OPEN:
                    out.append(ops.pop().text)
                if len(ops) == 0:
                    raise ValueError(f"unmatched ')' at {token.at}")
                ops.pop()
                if len(ops) > 0 and ops[-1].kind == Kind.NAME:
                    out.append(ops.pop().text)
            else:
                op = token.text
                unary = previous is None or previous.kind == Kind.OPERATOR or previous.kind == Kind.OPEN
                if unary and op == "-":
                    op = "neg"
                mine = self.precedence[op]
                while len(ops) > 0 and ops[-1].kind == Kind.OPERATOR and op != "neg":
                    top = self.precedence[ops[-1].text]
                    if top > mine or (top == mine and op != "^"):
                        out.append(ops.pop().text)
                    else:
                        break
                ops.append(Token(Kind.OPERATOR, op, token.at))
            previous = token
        while len(ops) > 0:
            token = ops.pop()
            if token.kind == Kind.OPEN:
                raise ValueError("unmatched '(' at {}".format(token.at))
            out.append(token.text)
        return out

    def apply(self, op: str, stack: Stack):
        if op == "neg":
            stack.push(-stack.pop())
        elif op == "sqrt":
            stack.push(math.sqrt(stack.pop()))
        elif op == "sin":
            stack.push(math.sin(stack.pop()))
        else:
            b, a = stack.pop(), stack.pop()
            if op == "+":
                stack.push(a + b)
            elif op == "-":
                stack.push(a - b)
            elif op == "*":
                stack.push(a * b)
            elif op == "/":
                if b == 0.0:
                    raise ZeroDivisionError("division by zero")
                stack.push(a / b)
            elif op == "^":
                stack.push(a**b)
            else:
                assert op == "max", f"unknown operator {op}"
                stack.push(max(a, b))

    @torch.jit.export
    def run(self, program: List[str]) -> float:
        stack = Stack()
        for item in program:
            if item[0].isdigit() or item[0] == ".":
                stack.push(float(item))
            elif item[0] == "$":
                name = item[1:]
                if name not in self.variables:
                    raise KeyError(name)
                stack.push(self.variables[name])
            else:
                self.apply(item, stack)
        if len(stack) != 1:
            raise RuntimeError(f"malformed expression: {len(stack)} values left")
        return stack.pop()

    def forward(self, line: str) -> str:
        name = "ans"
        at = line.find("=")
        if at >= 0:
            name = line[:at].strip()
            line = line[at + 1 :]
        value = self.run(self.to_rpn(line))
        self.variables[name] = value
        self.history.append((name, value))
        if value == float(int(value)):
            return f"{name} = {int(value)}"
        return "%s = %.4f" % (name, value)

    @torch.jit.export
    def show(self) -> List[str]:
        return (
            [f"{i}: {name}={value}" for i, (name, value) in enumerate(self.history)]
            if len(self.history) > 0
            else ["empty"]
        )


SIGNATURE = []
CALLS = [
    ("show",),
    ("to_rpn", "1 + 2 * (3 - 4) ^ 2"),
    ("forward", "1 + 2 * (3 - 4) ^ 2"),
    ("forward", "x = -2 ^ 2 + sqrt(16) / 3"),
    ("forward", "x * x - pi"),
    ("forward", "y = max(x 3)"),
    ("forward", "2 $ 3"),
    ("forward", "(1 + 2"),
    ("forward", "1 + 2)"),
    ("forward", "1 / (2 - 2)"),
    ("forward", "q + 1"),
    ("forward", "1 +"),
    ("forward", "1.2.3"),
    ("forward", "1 2"),
    ("forward", "ans * 2"),
    ("run", ["1", "2", "foo"]),
    ("run", []),
    ("show",),
]
