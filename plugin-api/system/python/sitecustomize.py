# site.py imports this as it would the user's own sitecustomize. It starts what PyBun adds to the process, and leaves no trace of
# how it came in: the program and its children find PYTHONPATH, sys.path and sys.modules as they would without it.
import sys


def _begin():
    from os import environ, pathsep
    from os.path import dirname

    here = dirname(__file__)
    first, separator, rest = environ.get("PYTHONPATH", "").partition(pathsep)
    is_first = first == here
    before = set(sys.modules)
    if is_first:
        if separator:
            environ["PYTHONPATH"] = "" if rest == here else rest
        else:
            del environ["PYTHONPATH"]
        import _pybun_bootstraps

    # Also in another interpreter of the process, which is given the folders that the first one began with.
    while here in sys.path:
        sys.path.remove(here)
    sys.path_importer_cache.pop(here, None)
    if not is_first:
        return
    for module, config in _pybun_bootstraps.PARTS:
        module.start(config)
    for name in set(sys.modules) - before:
        if name.startswith("_pybun_"):
            del sys.modules[name]


_begin()
# This module's name was in the way of the user's own; where there is none, Python is told so, and forgets this one.
_this = sys.modules.pop(__name__)
try:
    import sitecustomize  # noqa: F401
except BaseException:
    sys.modules[__name__] = _this
    raise
