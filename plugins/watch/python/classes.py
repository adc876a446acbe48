# What a class says of its own source since Python 3.13: the line it begins at, and which attributes its methods give to `self`.
# Both are constants of its body, which change without a statement of it changing.
import opcode
import sys

from _pybun_watch_codes import Gone, inner, is_function, same_shape

LINE, ATTRIBUTES = "__firstlineno__", "__static_attributes__"
HAS_THEM = sys.version_info >= (3, 13)
LOAD, STORE, STORE_ATTR, EXTENDED = (opcode.opmap.get(name) for name in ("LOAD_CONST", "STORE_NAME", "STORE_ATTR", "EXTENDED_ARG"))


def own_const(code, name):
    """Which of its constants a class body stores under such a name; None where it is no such body, -1 where that can't be told."""
    if not HAS_THEM or is_function(code) or name not in code.co_names:
        return None
    at, raw = code.co_names.index(name), code.co_code
    stores = [i for i in range(2, len(raw), 2) if raw[i] == STORE and raw[i + 1] == at]
    if len(stores) != 1 or at > 255:
        return -1
    load = stores[0] - 2
    if raw[load] != LOAD or (load >= 2 and raw[load - 2] == EXTENDED):
        return -1
    # Equal constants are one: a number in the body may be that of its line.
    loads = [i for i in range(0, len(raw), 2) if raw[i] == LOAD and raw[i + 1] == raw[load + 1]]
    return raw[load + 1] if len(loads) == 1 else -1


def same_body(old, new):
    """`same_shape`, where what a class says of its source does not count."""
    if same_shape(old, new):
        return True
    consts = list(new.co_consts)
    for name in (LINE, ATTRIBUTES):
        at = own_const(old, name)
        if at is None or at < 0 or at != own_const(new, name) or at >= len(consts):
            return False
        consts[at] = old.co_consts[at]
    return same_shape(old, new.replace(co_consts=tuple(consts)))


def attributes(code):
    """What a class body says of `self`; None where it says nothing that could be read."""
    at = own_const(code, ATTRIBUTES)
    return set(code.co_consts[at]) if at is not None and at >= 0 else None


def stored(code):
    """The attributes that a function gives to anything."""
    names, raw, high = set(), code.co_code, 0
    for i in range(0, len(raw), 2):
        if raw[i] == STORE_ATTR:
            names.add(code.co_names[raw[i + 1] | high])
        high = (raw[i + 1] | high) << 8 if raw[i] == EXTENDED else 0
    return names.union(*map(stored, inner(code)))


def same_attributes(scope, functions, made):
    """Whether a class says the same of `self` when some of its functions are others; `made` is a body of these alone."""
    if own_const(scope, ATTRIBUTES) is None:
        return True
    known, now = attributes(scope), attributes(made)
    if known is None or now is None:
        return False
    return now <= known and all(stored(code) & known <= now for code in functions)


def facts_to_change(old, new, find):
    """[(class, name, value)] of what classes in memory say of their source; `find` gives one by its qualified name."""
    if not HAS_THEM:
        return []
    before, after = by_name(old), by_name(new)
    found = []
    for path, codes in after.items():
        was = before.get(path, [])
        for name in (LINE, ATTRIBUTES):
            olds, news = ([said(code, name) for code in each] for each in (was, codes))
            if olds == news:
                continue
            cls = find(path.split(".")) if len(olds) == len(news) == 1 else None
            if cls is None or vars(cls).get(name) != olds[0] or news[0] is None:
                raise Gone("%s says of itself where it is, and is not where it was defined" % path)
            found.append((cls, name, news[0]))
    return found


def said(code, name):
    at = own_const(code, name)
    return code.co_consts[at] if at is not None and at >= 0 else None


def by_name(module):
    """The bodies of classes that are made while a module is loaded."""
    found = {}
    scopes = [module]
    for scope in scopes:
        for code in inner(scope):
            if not is_function(code):
                scopes.append(code)
                found.setdefault(code.co_qualname, []).append(code)
    return found
