# Compares the code of a module before and after a change, part by part.

FUNCTION_FLAGS = 0x3  # CO_OPTIMIZED | CO_NEWLOCALS
CODE = type((lambda: None).__code__)
# What a frame is laid out by, and what is done in it. Line numbers are not among them.
FIELDS = ("co_names", "co_varnames", "co_freevars", "co_cellvars", "co_flags", "co_name") + (
    ("co_exceptiontable",) if hasattr(CODE, "co_exceptiontable") else ()
)
COUNTS = ("co_argcount", "co_posonlyargcount", "co_kwonlyargcount")


def is_function(code):
    return code.co_flags & FUNCTION_FLAGS == FUNCTION_FLAGS


def inner(code):
    return [const for const in code.co_consts if type(const) is CODE]


def everything(code):
    """A code and all codes in it."""
    found = [code]
    for one in found:
        found.extend(inner(one))
    return found


def same_value(first, second):
    """Equal, and of the same types all the way down: 1, 1.0 and True are three values."""
    if type(first) is not type(second):
        return False
    if type(first) is tuple:
        return len(first) == len(second) and all(map(same_value, first, second))
    if type(first) is frozenset:
        return first == second and {type(one) for one in first} == {type(one) for one in second}
    if type(first) in (float, complex):
        return repr(first) == repr(second)
    if type(first) is CODE:
        return True
    return first == second


def same_shape(old, new):
    """Whether two codes do the same but for the codes in them, which then stand for each other in order."""
    if old is new:
        return True
    return (
        all(getattr(old, name) == getattr(new, name) for name in COUNTS)
        and old.co_code == new.co_code
        and all(getattr(old, name) == getattr(new, name) for name in FIELDS)
        and len(old.co_consts) == len(new.co_consts)
        and all(map(same_value, old.co_consts, new.co_consts))
    )


class Pair:
    """A function's code before and after."""

    __slots__ = ("is_changed", "new", "old")

    def __init__(self, old, new, is_changed):
        self.old = old
        self.new = new
        self.is_changed = is_changed


class Gone(Exception):
    """Something can't be put in; the text says what and why."""


def pair_function(old, new, pairs):
    """Pairs two functions and, by name and order, those in them."""
    same = same_shape(old, new)
    pairs.append(Pair(old, new, not same))
    pair_inner(old, new, pairs)


def pair_inner(old, new, pairs):
    left = {}
    for code in inner(new):
        left.setdefault((code.co_name, is_function(code)), []).append(code)
    for code in inner(old):
        counterparts = left.get((code.co_name, is_function(code)))
        if not counterparts:
            pairs.append(Pair(code, None, True))
            continue
        other = counterparts.pop(0)
        if is_function(code):
            pair_function(code, other, pairs)
        else:
            # A class within a function: what is made of it from now on has the new body; those there are keep theirs.
            pairs.append(Pair(code, other, not same_shape(code, other)))
            pair_inner(code, other, pairs)


def facts(code):
    """What decorators and frameworks may have read off a function: its signature, its kind, its documentation."""
    arguments = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 4) + bool(code.co_flags & 8)
    return (
        tuple(getattr(code, name) for name in COUNTS),
        code.co_varnames[:arguments],
        code.co_flags,
        code.co_name,
        documentation(code),
    )


def documentation(code):
    if is_function(code) and code.co_consts and type(code.co_consts[0]) is str:
        return code.co_consts[0]
    return None
