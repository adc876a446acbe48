# Finds what lives in the process: functions made of a code, what is running, and who holds what.
import functools
import gc
import sys
import types

from _pybun_watch_codes import Gone, everything, is_function

FUNCTION = types.FunctionType
LRU = type(functools.lru_cache(lambda: None))
SUSPENDED = {
    types.GeneratorType: ("gi_code", "gi_frame"),
    types.CoroutineType: ("cr_code", "cr_frame"),
    types.AsyncGeneratorType: ("ag_code", "ag_frame"),
}
# What makes machine code or graphs of a function when it is first called, and never looks at it again.
COMPILERS = frozenset(("numba", "jax", "torch", "tensorflow", "triton", "taichi", "cupy", "cython", "mypyc", "tinygrad"))


def keeping_types():
    """The descriptors called `cached_property` of those modules that have one."""
    homes = ("functools", "django.utils.functional", "werkzeug.utils", "cached_property", "pydantic.fields")
    found = (getattr(sys.modules.get(home), "cached_property", None) for home in homes)
    return {one for one in found if isinstance(one, type)}


class Heap:
    """One look at all objects, of which functions count that are made of these codes, by id."""

    def __init__(self, codes):
        self.functions = {}  # id of code -> functions
        self.suspended = []
        self.caches = []
        self.computing = set()  # ids of functions whose values objects keep
        keeping = keeping_types()
        wanted = frozenset((FUNCTION, LRU, *SUSPENDED, *keeping))
        for one in [each for each in gc.get_objects() if type(each) in wanted]:
            kind = type(one)
            if kind is FUNCTION:
                key = id(one.__code__)
                if key in codes:
                    self.functions.setdefault(key, []).append(one)
            elif kind is LRU:
                self.caches.append(one)
            elif kind in keeping:
                self.computing.add(id(getattr(one, "func", None) or getattr(one, "fget", None)))
            else:
                self.suspended.append(one)
        # Its own lists hold functions, too.
        self.own = {id(one) for one in self.functions.values()} | {id(self.suspended), id(self.caches)}

    def of(self, code):
        return self.functions.get(id(code), [])

    def suspended_in(self, codes):
        """A generator or coroutine that has begun one of these and not ended."""
        for one in self.suspended:
            code_name, frame_name = SUSPENDED[type(one)]
            if id(getattr(one, code_name)) in codes and getattr(one, frame_name) is not None:
                return getattr(one, code_name)
        return None


def running(codes):
    """A code, of these by id, that some thread is executing right now."""
    for frame in sys._current_frames().values():
        while frame is not None:
            if id(frame.f_code) in codes:
                return frame.f_code
            frame = frame.f_back
    return None


def modules_loading(main_code):
    """A module whose own code is being executed."""
    for frame in sys._current_frames().values():
        while frame is not None:
            if frame.f_code.co_name == "<module>" and frame.f_code is not main_code:
                name = frame.f_globals.get("__name__")
                if name != "__main__" and not str(name).startswith("_pybun_"):
                    return name
            frame = frame.f_back
    return None


def holders(objects, allowed):
    """Who holds these beside the namespaces that are allowed to, by id; containers and frames of the planner do not count."""
    mine = {id(objects), id(allowed)}
    targets = {id(one) for one in objects}
    found = []
    for one in gc.get_referrers(*objects):
        if id(one) in mine or id(one) in allowed or id(one) in targets:
            continue
        if type(one) is types.FrameType and one.f_globals.get("__name__", "").startswith("_pybun_"):
            continue
        found.append(one)
    return found


def compiler_of(function):
    """The compiler that has made something of this function, if one of those that are known has."""
    seen = [function]
    for level in range(2):
        further = []
        for one in seen:
            for holder in gc.get_referrers(one):
                kind = type(holder)
                package = str(getattr(kind, "__module__", "")).partition(".")[0]
                if package in COMPILERS:
                    return package
                if level == 0 and kind is dict:
                    further.append(holder)
        seen = further[:20]
    return None


def is_compiled_away():
    return any(name in sys.modules for name in COMPILERS)


def clear_caches(caches, changed_names, agent):
    """Drops remembered results that a changed function may have had a part in (functools.lru_cache)."""
    # What leads to a changed function is the program's own: other names need no look at what leads where.
    possible = agent.names | changed_names
    caches = [(one, getattr(one, "__wrapped__", None)) for one in caches]
    caches = [(one, wrapped) for one, wrapped in caches if type(wrapped) is FUNCTION and wrapped.__code__.co_name in possible]
    if not caches:
        return
    names = set(changed_names)
    mentions = {}
    for record in [record for records in agent.records.values() for record in records]:
        for code in filter(is_function, everything(record.code)):
            mentioned = mentions.setdefault(code.co_name, set())
            for one in everything(code):
                mentioned.update(one.co_names)
    while True:
        more = {name for name, mentioned in mentions.items() if name not in names and mentioned & names}
        if not more:
            break
        names |= more
    for cache, wrapped in caches:
        if wrapped.__code__.co_name in names:
            cache.cache_clear()


def must_not_run(codes, heap, name_of):
    """Raises when an old function goes on running: it would stay what it was."""
    ids = {id(code) for code in codes}
    if not ids:
        return
    code = running(ids)
    if code is not None:
        raise Gone("%s is running" % name_of(code))
    code = heap.suspended_in(ids)
    if code is not None:
        raise Gone("%s has begun and not ended" % name_of(code))
