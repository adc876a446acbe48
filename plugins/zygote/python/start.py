"""What a server finds when it starts, and its programs are to find as well."""

import os
import sys

import _signal

# Code that runs at each start of Python and asks for no variable.
_SILENT_PTH = frozenset(("_pybun_over.pth", "_virtualenv.pth"))


def serve_bootstraps(folder):
    """Has what takes part in the programs' runs take part here; returns what each program is to begin with."""
    if not folder:
        return []
    own = sys.modules.pop("_pybun_bootstraps")
    sys.path.insert(0, folder)
    try:
        import _pybun_bootstraps

        return [module.serve(config) for module, config in _pybun_bootstraps.PARTS]
    finally:
        sys.path.remove(folder)
        sys.path_importer_cache.pop(folder, None)
        sys.modules["_pybun_bootstraps"] = own


def initial_environ():
    """Variables that the interpreter sets at its start, such as LC_CTYPE in the C locale (PEP 538)."""
    with open("/proc/self/environ", "rb") as file:
        given = set(file.read().split(b"\0"))
    return {
        name: value
        for name, value in os.environ.items()
        if name.startswith("LC_") and os.fsencode(f"{name}={value}") not in given
    }


def read_at_start(packages):
    """Variables that code in `.pth` files has read before anybody could watch; None for all of them."""
    for folder in packages:
        for name in os.listdir(folder) if os.path.isdir(folder) else ():
            if not name.endswith(".pth") or name.startswith("__editable__") or name in _SILENT_PTH:
                continue
            if name == "distutils-precedence.pth":
                yield "SETUPTOOLS_USE_DISTUTILS"
                continue
            with open(os.path.join(folder, name), "rb") as file:
                if any(line.startswith((b"import ", b"import\t")) for line in file.read().splitlines()):
                    yield None


def forget_signals():
    """What a shell lets its background processes ignore, and a program blocks for itself, is not for all programs, nor for a server."""
    _signal.pthread_sigmask(_signal.SIG_SETMASK, ())
    for number in range(1, 32):
        if _signal.getsignal(number) == _signal.SIG_IGN and number not in (_signal.SIGPIPE, _signal.SIGXFSZ):
            is_interrupt = number == _signal.SIGINT
            _signal.signal(number, _signal.default_int_handler if is_interrupt else _signal.SIG_DFL)
