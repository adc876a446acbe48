"""Edits lines of Python's own library at random, and compares what is compiled of an edit in pieces with what the whole file makes.

argv: the folder with PyBun's Python sources, the first seed, how many. Prints one JSON line: how many edits there were, how many were
compiled in pieces, and what was wrong.
"""

import glob
import json
import os
import random
import sys
import warnings

SOURCES, FIRST, COUNT = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
FIELDS = "argcount posonlyargcount kwonlyargcount nlocals stacksize flags code names varnames freevars cellvars name firstlineno"
FIELDS = FIELDS.split() + [name for name in ("qualname", "exceptiontable") if hasattr(compile("", "", "exec"), "co_" + name)]
TABLE = "co_linetable" if hasattr(compile("", "", "exec"), "co_linetable") else "co_lnotab"
LINES = (
    "x = 1",
    "# said",
    "",
    '"""said"""',
    "return 2",
    "self.never = 1",
    "super().__init__()",
    "def more(y=1):",
    "class More:",
    "    pass",
    "(",
    ")",
    "else:",
    "x = \\",
    "@property",
    "global x",
    "lambda: 3",
    "yield",
    "'\\d'",
    'f"""{',
)


def load(name):
    module = type(sys)("_pybun_watch_" + name)
    sys.modules[module.__name__] = module
    with open(os.path.join(SOURCES, name + ".py")) as file:
        exec(compile(file.read(), name, "exec"), module.__dict__)
    return module


load("codes")
CLASSES = load("classes")
PIECES = load("pieces")


class Record:
    def __init__(self, source, code, starts):
        self.source, self.code, self.starts = source, code, starts


def differing(made, whole):
    """Where a code is not what the whole file makes; line tables of modules and classes are nobody's business."""
    is_function = whole.co_flags & 3 == 3
    for name in FIELDS:
        if getattr(made, "co_" + name) != getattr(whole, "co_" + name):
            return "%s of %s" % (name, whole.co_name)
    if is_function and getattr(made, TABLE) != getattr(whole, TABLE):
        return "lines of %s" % whole.co_name
    if len(made.co_consts) != len(whole.co_consts):
        return "constants of %s" % whole.co_name
    said = CLASSES.own_const(whole, CLASSES.ATTRIBUTES)
    for at, (one, other) in enumerate(zip(made.co_consts, whole.co_consts)):
        if hasattr(other, "co_consts"):
            found = differing(one, other)
            if found:
                return found
        elif at == said:
            # Made of a set, in whose order it is.
            if sorted(one) != sorted(other):
                return "attributes of %s" % whole.co_name
        elif repr(one) != repr(other) and not isinstance(other, (frozenset, tuple)):
            return "a constant of %s" % whole.co_name
    return None


def edited(rng, lines):
    """The lines with one or two changes, as people make them, or by accident."""
    lines = list(lines)
    at = rng.randrange(len(lines))
    for _ in range(rng.choice((1, 1, 2))):
        at = min(len(lines) - 1, max(0, at + rng.randrange(-3, 4)))
        line = lines[at]
        margin = line[: len(line) - len(line.lstrip())]
        act = rng.randrange(8)
        if act == 0:
            del lines[at]
        elif act == 1:
            lines.insert(at, line)
        elif act == 2:
            lines.insert(at, margin + rng.choice(LINES))
        elif act == 3:
            lines[at] = line.replace("1", "2").replace("self", "this", 1)
        elif act == 4:
            lines[at] = line + rng.choice((" ", "  # said", ", 1", " + 1", ")", ":", "\\"))
        elif act == 5:
            lines.insert(at, margin + "    " * rng.randrange(2) + rng.choice(LINES))
        elif act == 6:
            lines[at] = line.replace("return ", "return 1 or ", 1).replace(" = ", " = 0 or ", 1)
        else:
            lines[at] = margin[: rng.randrange(len(margin) + 1)] + line.lstrip()
        if not lines:
            lines = [""]
    return lines


def play(seed, files, result):
    rng = random.Random(seed)
    path = rng.choice(files)
    with open(path, "rb") as file:
        source = file.read()
    lines = source.decode("utf-8", "surrogateescape").split("\n")
    record = Record(source, compile(source, path, "exec", dont_inherit=True), {})
    # One edit after the other, each on what the one before has made.
    for _ in range(8):
        after = edited(rng, lines)
        new = "\n".join(after).encode("utf-8", "surrogateescape")
        result["edits"] += 1
        pieces = PIECES.in_pieces(record, new)
        try:
            whole = compile(new, path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            whole = None
        if pieces is None:
            if whole is not None and rng.random() < 0.3:
                lines, record = after, Record(new, whole, {})
            continue
        result["pieces"] += 1
        wrong = "the file can't be compiled" if whole is None else differing(pieces.code, whole)
        if wrong:
            result["wrong"].append({"seed": seed, "file": path, "what": wrong})
            return
        lines, record = after, Record(new, pieces.code, pieces.starts)


def main():
    warnings.simplefilter("ignore")
    library = os.path.dirname(os.__file__)
    files = sorted(glob.glob(os.path.join(library, "*.py")) + glob.glob(os.path.join(library, "[a-e]*", "*.py")))
    files = [path for path in files if 200 < os.path.getsize(path) < 40000]
    result = {"edits": 0, "pieces": 0, "wrong": []}
    for seed in range(FIRST, FIRST + COUNT):
        play(seed, files, result)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
