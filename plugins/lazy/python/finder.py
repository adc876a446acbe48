"""Has modules wait until they are used. To be imported before they are.

Made by `pybun lazy-import --generate`. An import of an allowed module gives a module object whose code runs when something of it is
asked for; from then on it is the module itself. `from m import name` asks at once.
"""
import importlib.machinery
import sys
import threading
import time
import types

ALLOW = ()
DENY = ()
FALLBACK = True
LOG_IMPORTS = False

_statistics = {"deferred": 0, "loaded": 0, "seconds": 0.0}
_names = {}


def statistics():
    """How many modules wait or waited, how many were loaded, and what loading took."""
    waiting = sorted(name for name, is_loaded in _names.items() if not is_loaded)
    return {**_statistics, "waiting": waiting}


def _matches(name, patterns):
    for pattern in patterns:
        stem = pattern[:-2] if pattern.endswith(".*") else pattern
        if pattern == "*" or name == pattern or name.startswith(stem + "."):
            return True
    return False


def is_lazy(name):
    """Whether a module waits: it is allowed by its own name or as `package.*`, and not denied."""
    allowed = name in ALLOW or ("*" in ALLOW and "." not in name)
    below = any(pattern.endswith(".*") and name.startswith(pattern[:-1]) for pattern in ALLOW)
    return (allowed or below) and not _matches(name, DENY)


class LazyModule(types.ModuleType):
    """What a module is until something of it is asked for: it then becomes an ordinary one, and stays the same object."""

    def __getattribute__(self, name):
        # The import system asks for these of every module it meets.
        if name not in ("__spec__", "__class__"):
            _load(self)
        return types.ModuleType.__getattribute__(self, name)

    def __setattr__(self, name, value):
        if name != "__class__":
            _load(self)
        types.ModuleType.__setattr__(self, name, value)

    def __delattr__(self, name):
        _load(self)
        types.ModuleType.__delattr__(self, name)


def _load(module):
    spec = object.__getattribute__(module, "__spec__")
    state = spec.loader_state
    # Another thread waits until all of the module is there; the module itself, while it runs, finds what there is.
    with state["lock"]:
        if state["is_loading"] or object.__getattribute__(module, "__class__") is not LazyModule:
            return
        state["is_loading"] = True
        start = time.perf_counter()
        try:
            spec.loader.exec_module(module)
        except BaseException:
            state["is_loading"] = False
            raise
        object.__setattr__(module, "__class__", types.ModuleType)
        replacement = sys.modules.get(spec.name, module)
        if replacement is not module:
            module.__dict__.update(vars(replacement))
        spec.loader_state = state["before"]
        spent = time.perf_counter() - start
        _names[spec.name] = True
        _statistics["loaded"] += 1
        _statistics["seconds"] += spent
        if LOG_IMPORTS:
            print("lazy: %s loaded (%.1f ms)" % (spec.name, spent * 1000), file=sys.stderr)


class LazyLoader:
    """Makes modules as the loader it stands before, and has them wait."""

    def __init__(self, loader):
        self.loader = loader

    def create_module(self, spec):
        return self.loader.create_module(spec)

    def exec_module(self, module):
        spec = module.__spec__
        spec.loader = module.__loader__ = self.loader
        spec.loader_state = {"lock": threading.RLock(), "is_loading": False, "before": spec.loader_state}
        _names[spec.name] = False
        _statistics["deferred"] += 1
        if LOG_IMPORTS:
            print("lazy: %s waits" % spec.name, file=sys.stderr)
        module.__class__ = LazyModule


class LazyFinder:
    """Finds allowed modules as the finders behind it do, and has them wait."""

    def __init__(self):
        self.finding = threading.local()

    def find_spec(self, fullname, path=None, target=None):
        if not is_lazy(fullname) or getattr(self.finding, "name", None) == fullname:
            return None
        spec = None
        self.finding.name = fullname
        try:
            for finder in sys.meta_path:
                if finder is not self and hasattr(finder, "find_spec"):
                    spec = finder.find_spec(fullname, path, target)
                    if spec is not None:
                        break
        finally:
            self.finding.name = None
        if spec is None:
            return None
        # Extension modules and the like are made and run in one.
        if not isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            if FALLBACK:
                return spec
            raise ImportError("%s can't be imported lazily: it is no Python source" % fullname, name=fullname)
        spec.loader = LazyLoader(spec.loader)
        return spec


def install():
    """Puts the finder in front of all others, once."""
    if not any(isinstance(finder, LazyFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, LazyFinder())


install()
