"""What the import of a library reads and changes outside of itself.

A library that is loaded once and then used by many programs must have seen what each of them would have shown it.
"""

import builtins
import io
import os
import sys

import _signal
import _warnings

# These settle it anew for each program.
_RENEWED = frozenset(("multiprocessing.process",))
_ASKED = ("open", "stat", "lstat", "access", "readlink")
# What is there differs at each look and is no input of anybody's.
_NEVER = ("/proc/", "/sys/", "/dev/")


class Watch:
    """Stands between a library and the process while it is imported."""

    def __init__(self, folders):
        """`folders`: of packages and the standard library, with a separator at the end; what is in them is looked after elsewhere."""
        self._folders = folders
        self.variables = set()
        self.reads_all_variables = False
        self.paths = set()
        self.listed = set()
        self.reads = []
        self.requests = []
        self._replaced = []
        self._wrappers = {}

    def __enter__(self):
        self._environ = dict(os.environ)
        self._state = _look()
        self._class = type(os.environ)
        os.environ.__class__ = self._noting(self._class)
        for name in _ASKED:
            self._wrap(os, name, self._path_of)
        for name in ("listdir", "scandir"):
            self._wrap(os, name, self._folder_of)
        self._wrap(os, "getcwd", self._says("the working directory"))
        self._wrap(os, "getcwdb", self._says("the working directory"))
        self._wrap(builtins, "open", self._path_of)
        self._wrap(io, "open", self._path_of)
        self._argv = sys.argv
        sys.argv = _Argv(self.reads)
        imported = builtins.__import__

        def noting(name, globals=None, locals=None, fromlist=(), level=0):
            scope = globals or {}
            self.requests.append((scope.get("__name__"), name, scope.get("__package__") or "", fromlist or (), level))
            return imported(name, globals, locals, fromlist, level)

        self._replaced.append((builtins, "__import__", imported))
        builtins.__import__ = noting
        return self

    def __exit__(self, *_):
        for owner, name, original in self._replaced:
            setattr(owner, name, original)
        os.environ.__class__ = self._class
        sys.argv = self._argv
        self.variables_added = {name: value for name, value in os.environ.items() if name not in self._environ}

    def unwrap(self, module):
        """Gives a module that took one of the functions by name the original."""
        scope = getattr(module, "__dict__", None) or {}
        for name, value in list(scope.items()):
            try:
                original = self._wrappers.get(id(value))
            except Exception:  # noqa: BLE001
                continue
            if original is not None:
                scope[name] = original

    def change(self):
        """Why programs would see that the library was imported, or it would have seen another program; None if neither is so."""
        for name, value in self._environ.items():
            if os.environ.get(name) != value:
                return f"it changes {name}"
        after = _look()
        for what, value in self._state.items():
            if after[what] != value:
                return f"it changes {what}"
        if self.reads:
            return f"it reads {self.reads[0]}"
        if len(sys._current_frames()) > 1:
            return "it starts a thread"
        return None

    def _wrap(self, owner, name, note):
        original = getattr(owner, name)

        def wrapper(*arguments, **named):
            note(*arguments, **named)
            return original(*arguments, **named)

        self._wrappers[id(wrapper)] = original
        self._replaced.append((owner, name, original))
        # The object must not go while its number stands for it.
        self._replaced.insert(0, (_Kept, name, wrapper))
        setattr(owner, name, wrapper)

    def _path_of(self, path, *_, **__):
        self._add(self.paths, path)

    def _folder_of(self, path="."):
        self._add(self.listed, path)

    def _add(self, found, path):
        try:
            path = os.fsdecode(path)
        except TypeError:
            return
        if not path.startswith(self._folders) and not path.startswith(_NEVER):
            found.add(path)

    def _says(self, what):
        def note():
            if sys._getframe(2).f_globals.get("__name__") not in _RENEWED:
                self.reads.append(what)

        return note

    def _noting(self, plain):
        watch = self

        class Noting(plain):
            def __getitem__(self, name):
                watch.variables.add(name)
                return plain.__getitem__(self, name)

            def __setitem__(self, name, value):
                watch.variables.add(name)
                plain.__setitem__(self, name, value)

            def __contains__(self, name):
                watch.variables.add(name)
                return plain.__contains__(self, name)

            def __iter__(self):
                watch.reads_all_variables = True
                return plain.__iter__(self)

        return Noting


class _Kept:
    """Takes what is put back and was nowhere."""


class _Argv(list):
    """The arguments of no program."""

    def __init__(self, reads):
        list.__init__(self, [""])
        self._reads = reads

    def _noting(name):
        plain = getattr(list, name)

        def method(self, *arguments):
            self._reads.append("sys.argv")
            return plain(self, *arguments)

        return method

    for _name in ("__getitem__", "__iter__", "__len__", "__contains__", "__eq__", "copy", "index"):
        locals()[_name] = _noting(_name)
    del _name, _noting


def _look():
    """State of the process that a program would see without having imported anything."""
    return {
        "sys.path": list(sys.path),
        "sys.path_hooks": list(sys.path_hooks),
        "sys.excepthook": sys.excepthook,
        "sys.displayhook": sys.displayhook,
        "sys.unraisablehook": sys.unraisablehook,
        "the standard streams": (sys.stdin, sys.stdout, sys.stderr),
        "the recursion limit": sys.getrecursionlimit(),
        "the switch interval": sys.getswitchinterval(),
        "builtins": builtins.__dict__.keys() - {"_"},
        "signal handlers": [_signal.getsignal(number) for number in range(1, 32)],
        "descriptors": sorted(os.listdir("/proc/self/fd")),
        "trace functions": (sys.gettrace(), sys.getprofile()),
    }


def filters():
    return _warnings.filters


def filters_mutated():
    """The interpreter keeps what it found in the filters until it is told that they changed."""
    if hasattr(_warnings, "_filters_mutated"):
        _warnings._filters_mutated()
        return
    _warnings._acquire_lock()
    try:
        _warnings._filters_mutated_lock_held()
    finally:
        _warnings._release_lock()
