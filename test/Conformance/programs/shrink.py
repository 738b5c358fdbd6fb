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
    """Edits that remove statements or put what one contains in its place, the last first. They change a tree in place."""
    places = list(blocks(tree))
    for at in range(len(places)):
        size = len(getattr(*places[at]))
        for width in (8, 4, 2, 1):
            for first in reversed(range(0, size, width)):
                if size >= width:
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


def element_edits(tree):
    """Edits that remove an element of a list or tuple."""
    for at, (_, _, _, value) in enumerate(expressions(tree)):
        if isinstance(value, (ast.List, ast.Tuple)) and len(value.elts) > 1:
            for index in reversed(range(len(value.elts))):
                yield replace(at, type(value)(value.elts[:index] + value.elts[index + 1 :], ast.Load()))


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


class Shrinker:
    """The smallest program so far."""

    BATCH = 6  # candidates that are tried together

    def __init__(self, text, outcome, folder):
        self.tree, self.wanted = ast.parse(text), signature(outcome)
        self.folder, self.worker = folder, execute.Worker(folder)
        self.seen, self.number = set(), 0
        # Candidates that do not compile would have to be compiled one by one.
        self.width = 1 if outcome.kind in ("compiler", "refused", "crash") else self.BATCH

    def first_failing(self, candidates):
        """The index of the first candidate that fails like the original, or None."""
        paths = {}
        for index, candidate in enumerate(candidates):
            source = candidate and reformat(candidate)
            if not source or source in self.seen:
                continue
            self.seen.add(source)
            self.number += 1
            path = os.path.join(self.folder, f"candidate{self.number}.py")
            with open(path, "w") as file:
                file.write(source)
            paths[path] = index
        failing = [paths[o.path] for o in self.worker.run(list(paths)) if signature(o) == self.wanted] if paths else []
        for path in paths:
            os.unlink(path)
        return min(failing, default=None)

    def apply(self, edit):
        """The tree after an edit, or None when it does not apply."""
        candidate = copy.deepcopy(self.tree)
        return None if edit(candidate) is False else candidate

    def sweep(self, kind, deadline):
        """Tries all edits of a kind once; whether one succeeded."""
        progress, position = False, 0
        while time.monotonic() < deadline:
            edits = list(kind(self.tree))[position : position + self.width]
            if not edits:
                break
            candidates = [self.apply(edit) for edit in edits]
            index = self.first_failing(candidates)
            if index is None:
                position += self.width
            else:
                self.tree, progress = candidates[index], True
                position += index
        return progress


def shrink(text, outcome, folder, seconds):
    """The smallest program found within the time."""
    shrinker = Shrinker(text, outcome, folder)
    deadline = time.monotonic() + seconds
    try:
        while any([shrinker.sweep(kind, deadline) for kind in (statement_edits, expression_edits, element_edits)]):
            pass
        return reformat(shrinker.tree)
    finally:
        shrinker.worker.stop()
