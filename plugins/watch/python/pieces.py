# Takes a changed file apart by its lines: where only bodies of functions differ, these alone are compiled, and everything else stays
# the code that it was. A module of thousands of lines takes as long as the function that was edited. Whatever is not certainly as the
# whole file would have it gives None, and the whole file is compiled.
import __future__
import ast
import dis
import opcode
import re

from _pybun_watch_classes import LINE, own_const, same_attributes
from _pybun_watch_codes import Pair, inner, is_function, pair_function

FUTURE = 0
for _name in __future__.all_feature_names:
    FUTURE |= getattr(__future__, _name).compiler_flag
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
IMPORTS = tuple(opcode.opmap[name] for name in ("IMPORT_NAME", "IMPORT_FROM"))
STORES = tuple(opcode.opmap[name] for name in ("STORE_NAME", "STORE_GLOBAL"))
EXTENDED = opcode.opmap["EXTENDED_ARG"]
# A file that is shorter than this is tried even where most of it is to be compiled.
SHORT_LINES = 200
MARGIN = re.compile(rb"[ \t]*")


class Pieces:
    """What a changed file is made of: `code` is the whole module's, `fresh` the codes that were not there before."""

    def __init__(self, code):
        self.code = code
        self.pairs = []
        self.fresh = []
        self.starts = {}  # id of a module's or class's code -> the lines at which its own statements do something


class Hunk:
    """The lines that differ, counted from 1: `first` to `last` of the old file, which is `delta` lines shorter than the new one."""

    def __init__(self, old, new):
        head = common(old, new, lambda text, size: text[:size])
        rest = min(len(old), len(new)) - head
        tail = common(old[len(old) - rest :], new[len(new) - rest :], lambda text, size: text[len(text) - size :])
        end = old.find(b"\n", len(old) - tail) + 1
        self.first = old.count(b"\n", 0, head) + 1
        self.last = max(self.first, old.count(b"\n", 0, end) if end else old.count(b"\n") + 1)
        self.delta = new.count(b"\n") - old.count(b"\n")


def common(old, new, part):
    """How much two texts have in common at one end."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if part(old, middle) == part(new, middle):
            low = middle
        else:
            high = middle - 1
    return low


def in_pieces(record, source):
    """The pieces of a module whose file is now `source`, or None. `record.code` has to be exactly what `record.source` makes."""
    if is_odd(record.source) or is_odd(source):
        return None
    if record.source == source:
        return Pieces(record.code)
    hunk = Hunk(record.source, source)
    old, new = record.source.split(b"\n"), source.split(b"\n")
    place = find(record, hunk, len(old) + 1)
    if place is None or (place.end - place.start > len(old) // 2 and len(old) > SHORT_LINES):
        return None
    functions = compiled(place, record.code, old, new)
    if functions is None:
        return None
    pieces = Pieces(record.code)
    replaced = {}
    for before, after in functions:
        replaced[id(before)] = after
        pair_function(before, after, pieces.pairs)
        pieces.fresh.append(after)
    pieces.code = rebuilt(record, place, replaced, pieces)
    return pieces if pieces.code is not None else None


def is_odd(source):
    """Read otherwise than as lines of UTF-8."""
    head = source.split(b"\n", 2)[:2]
    return any(mark in source for mark in (b"\r", b"\f", b"\0")) or source[:3] == b"\xef\xbb\xbf" or any(b"coding" in line for line in head)


# Where the change is


class Place:
    """Functions next to each other in a module or class: `scopes` are the codes around them, lines go from `start` up to `end`."""

    def __init__(self, scopes, functions, start, end, hunk):
        self.scopes = scopes
        self.functions = functions
        self.start = start
        self.end = end
        self.hunk = hunk


def find(record, hunk, end):
    """The functions that have all changed lines in them; `end` is where the file ends."""
    scopes = [record.code]
    while True:
        parts = sorted(inner(scopes[-1]), key=lambda code: code.co_firstlineno)
        touched = [code for code in parts if code.co_firstlineno <= hunk.last]
        before = [code for code in touched if code.co_firstlineno <= hunk.first]
        if not before:
            return None
        touched = touched[len(before) - 1 :]
        ends_after = max(hunk.last, last_line(touched[-1]))
        end = min((line for line in starts_of(record, scopes[-1]) if line > ends_after), default=end)
        if all(is_plain(code) for code in touched):
            return Place(scopes, touched, touched[0].co_firstlineno, end, hunk)
        if len(touched) > 1 or is_function(touched[0]):
            return None
        scopes.append(touched[0])


def is_plain(code):
    return is_function(code) and not code.co_name.startswith("<")


def starts_of(record, scope):
    """The lines at which a scope's own statements do something."""
    known = record.starts.get(id(scope))
    return known if known is not None else lines(scope)


def lines(code):
    return [line for _, line in dis.findlinestarts(code) if line]


def last_line(code):
    return max([code.co_firstlineno, *lines(code), *map(last_line, inner(code))])


# What is there now


def compiled(place, module, old, new):
    """[(before, after)] of the functions, where they are all that stands there before and after."""
    margin = MARGIN.match(old[place.start - 1]).group()
    classes = [scope.co_name.encode() for scope in place.scopes[1:]]
    text = new[place.start - 1 : place.end - 1 + place.hunk.delta]
    if (margin and not classes) or not ends_whole(place, old, len(margin)) or reaches_out(old[place.start - 1 : place.end - 1], text):
        return None
    # The names of the classes decide about private names, qualified names and `super`; nothing else of them does.
    heads = [b" " * depth + b"class " + name + b":" for depth, name in enumerate(classes)]
    above = [b""] * (place.start - 1 - len(heads)) + heads
    try:
        tree = ast.parse(b"\n".join([*above, *text, b""]))
        nodes = defined(tree, len(classes))
        if nodes is None or not same_heads(place, nodes, old, new):
            return None
        # Since Python 3.12 a method call on a name that the module imports is compiled otherwise than one on another name, and
        # that of a `super()` where the module itself says `super` otherwise than elsewhere.
        if "super" in module.co_names:
            return None
        names = [ast.alias(name, None, lineno=1, col_offset=0) for name in imported(module)]
        if names:
            tree.body.insert(0, ast.Import(names, lineno=1, col_offset=0))
        code = compile(tree, module.co_filename, "exec", module.co_flags & FUTURE, True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for _ in classes:
        (code,) = inner(code)
    if not same_attributes(place.scopes[-1], place.functions, code):
        return None
    after = inner(code)
    if [one.co_name for one in after] != [one.co_name for one in place.functions]:
        return None
    if any(one.co_freevars != other.co_freevars for one, other in zip(place.functions, after)):
        return None
    return list(zip(place.functions, after))


def reaches_out(old, new):
    """Whether the text goes on behind its end, or its names count for the module: what is `global` anywhere is compiled otherwise there."""
    last = next((line for line in reversed(new) if line.strip()), b"\\")
    return last.endswith(b"\\") or [line for line in old if b"global" in line] != [line for line in new if b"global" in line]


def imported(code):
    """The names that a module's import statements bind."""
    raw, names = code.co_code, set()
    for operation in IMPORTS:
        at = raw.find(operation)
        while at >= 0:
            if at % 2 == 0:
                names.add(next_stored(code, raw, at))
            at = raw.find(operation, at + 1)
    return sorted(names - {None})


def next_stored(code, raw, at):
    high = 0
    for i in range(at, len(raw), 2):
        if raw[i] in STORES:
            return code.co_names[raw[i + 1] | high]
        high = (raw[i + 1] | high) << 8 if raw[i] == EXTENDED else 0
    return None


def ends_whole(place, old, margin):
    """Whether nothing but comments stands between one function and the next, or the end."""
    nexts = [*(code.co_firstlineno for code in place.functions[1:]), place.end]
    for code, following in zip(place.functions, nexts):
        for line in old[last_line(code) : following - 1]:
            text = line.strip()
            if text and text[:1] != b"#" and len(MARGIN.match(line).group()) <= margin:
                return False
    return True


def defined(tree, depth):
    """The functions that are all there is in the innermost of the classes."""
    body = tree.body
    for _ in range(depth):
        if len(body) != 1 or not isinstance(body[0], ast.ClassDef):
            return None
        body = body[0].body
    return body if all(isinstance(node, FUNCTIONS) for node in body) else None


def same_heads(place, nodes, old, new):
    """Whether decorators, names and signatures read as before: what of a function runs where it is defined."""
    if len(nodes) != len(place.functions):
        return False
    for code, node in zip(place.functions, nodes):
        start, body = first_line(node), first_line(node.body[0])
        if new[body - 1][: node.body[0].col_offset].strip():
            return False
        at = code.co_firstlineno
        if old[at - 1 : at - 1 + body - start] != new[start - 1 : body - 1]:
            return False
    return True


def first_line(node):
    return min([node.lineno] + [one.lineno for one in getattr(node, "decorator_list", ())])


# The module's code with it


def rebuilt(record, place, replaced, pieces):
    """The module's code with other functions in it, and what stands below moved; None where something below says its line itself."""
    delta = place.hunk.delta
    heads = [code.co_firstlineno for code in replaced.values()]
    made = None
    for scope, around in zip(reversed(place.scopes), [*reversed(place.scopes[:-1]), None]):
        for part in inner(scope) if delta else ():
            if part.co_firstlineno >= place.end:
                replaced[id(part)] = moved(record, part, delta, pieces)
                if replaced[id(part)] is None:
                    return None
                pieces.fresh.append(replaced[id(part)])
        made = scope.replace(co_consts=tuple(replaced.get(id(const), const) for const in scope.co_consts))
        starts = starts_of(record, scope)
        pieces.starts[id(made)] = [
            *(line for line in starts if line < place.start),
            *heads,
            *(line + delta for line in starts if line >= place.end),
        ]
        replaced, heads = {id(scope): made}, [made.co_firstlineno] if around is not None else []
    return made


def moved(record, code, delta, pieces):
    """A code, and all in it, some lines further down. Line tables count from the first line."""
    consts = list(code.co_consts)
    at = own_const(code, LINE)
    if at is not None:
        if at < 0:
            return None
        consts[at] += delta
    for index, const in enumerate(consts):
        if hasattr(const, "co_consts"):
            # Classes that a function makes would say the old line.
            if is_function(code) and own_const(const, LINE) is not None:
                return None
            consts[index] = moved(record, const, delta, pieces)
            if consts[index] is None:
                return None
    made = code.replace(co_firstlineno=code.co_firstlineno + delta, co_consts=tuple(consts))
    if is_function(code):
        pieces.pairs.append(Pair(code, made, False))
    elif id(code) in record.starts:
        pieces.starts[id(made)] = [line + delta for line in record.starts[id(code)]]
    return made
