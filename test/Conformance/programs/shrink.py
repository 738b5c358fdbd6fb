"""Makes a failing program smaller while it fails in the same way.

It works on Python's syntax tree and knows nothing of how programs are generated: a candidate is kept when its outcome
is of the same kind, with the same reason. LibTorch says which candidates are programs at all.
"""

import ast
import copy
import os
import re
import time

import execute


def signature(outcome):
    """What stays the same; of messages of the compiler the text without numbers."""
    if outcome.kind in ("compiler", "crash", "refused"):
        lines = [line for line in outcome.detail.split("\n") if line.strip()]
        text = next((line for line in lines if "error: " in line or "Assertion" in line), lines[0] if lines else "")
        return outcome.kind, re.sub(r"\d+", "#", text.split("error: ", 1)[-1])
    return outcome.kind, ""


def blocks(tree):
    """Lists of statements, each with its node and field."""
    for node in ast.walk(tree):
        for field in ("body", "orelse"):
            body = getattr(node, field, None)
            if isinstance(body, list) and body and not isinstance(node, ast.IfExp):
                yield node, field


def statement_edits(tree):
    """Edits, which change a tree in place, that remove statements or put what one contains in its place, the last first."""
    places = list(blocks(tree))
    for at in reversed(range(len(places))):
        size = len(getattr(*places[at]))
        for width in (8, 4, 2, 1):
            for first in reversed(range(0, size, width)):
                if width == 1 or size >= width:
                    yield remove(at, first, width)
        for index in reversed(range(size)):
            for field in ("body", "orelse"):
                if getattr(getattr(*places[at])[index], field, None):
                    yield hoist(at, index, field)


def remove(at, first, width):
    def edit(tree):
        node, field = list(blocks(tree))[at]
        body = getattr(node, field)
        del body[first : first + width]
        if not body and field == "body":
            body.append(ast.Pass())

    return edit


def hoist(at, index, field):
    def edit(tree):
        node, name = list(blocks(tree))[at]
        body = getattr(node, name)
        statement = body[index]
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            return False
        body[index : index + 1] = getattr(statement, field)
        return True

    return edit


def expressions(tree):
    """Expressions with what holds them: node, field and index in a list or None."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.arguments, ast.AnnAssign)) and not getattr(node, "value", None):
            continue
        for field, value in ast.iter_fields(node):
            if field in ("annotation", "returns", "func", "targets", "target", "decorator_list", "keywords"):
                continue
            if isinstance(value, ast.expr):
                yield node, field, None, value
            elif isinstance(value, list):
                yield from ((node, field, at, item) for at, item in enumerate(value) if isinstance(item, ast.expr))


SMALL = {bool: [False, True], int: [0, 1], float: [0.0, 1.0], str: ["", "a"]}


def expression_edits(tree):
    """Edits that replace an expression by a part of it or by a constant."""
    for at, (_, _, _, value) in enumerate(expressions(tree)):
        if isinstance(value, ast.Constant):
            small = SMALL.get(type(value.value), [])
            if value.value not in small[:1] and small:
                yield replace(at, ast.Constant(small[0]))
            continue
        if isinstance(value, ast.Name):
            continue
        for child in ast.walk(value):
            if (
                child is not value
                and isinstance(child, ast.expr)
                and isinstance(getattr(child, "ctx", ast.Load()), ast.Load)
            ):
                yield replace(at, child)
        for constant in (False, True, 0, 1, 0.0, "", None):
            yield replace(at, ast.Constant(constant))


def replace(at, new):
    def edit(tree):
        node, field, index, _ = list(expressions(tree))[at]
        if index is None:
            setattr(node, field, copy.deepcopy(new))
        else:
            getattr(node, field)[index] = copy.deepcopy(new)

    return edit


def reformat(tree):
    """The text of a tree, with the blank lines of a file that people read."""
    text = ast.unparse(ast.fix_missing_locations(tree))
    return re.sub(r"\n(class|def|SIGNATURE)\b", r"\n\n\n\1", text) + "\n"


def shrink(text, outcome, folder, seconds):
    """The smallest program found within the time."""
    wanted = signature(outcome)
    worker = execute.Worker(folder)
    deadline = time.monotonic() + seconds
    tree, number = ast.parse(text), 0
    seen = {ast.unparse(tree)}

    def fails(candidate):
        nonlocal number
        source = reformat(candidate)
        if source in seen:
            return False
        seen.add(source)
        number += 1
        path = os.path.join(folder, f"candidate{number}.py")
        with open(path, "w") as file:
            file.write(source)
        result = worker.run([path])[0]
        os.unlink(path)
        return signature(result) == wanted

    try:
        progress = True
        while progress:
            progress = False
            for edits in (statement_edits, expression_edits):
                again = True
                while again:
                    again = False
                    for edit in edits(tree):
                        if time.monotonic() > deadline:
                            return reformat(tree)
                        candidate = copy.deepcopy(tree)
                        if edit(candidate) is False:
                            continue
                        if fails(candidate):
                            tree, progress = candidate, True
                            again = True
                            break
        return reformat(tree)
    finally:
        worker.stop()
