"""What the import of a library reads and changes outside of itself.

A library that is loaded once and then used by many programs must have seen what each of them would have shown it, and must have done
nothing that they would have seen.
"""

import atexit
import builtins
import gc
import io
import os
import sys

import _signal
import _thread
import _warnings
import resource

# These settle it anew for each program.
_RENEWED = frozenset(("multiprocessing.process",))
# What is there differs at each look and is no input of anybody's.
_NEVER = ("/proc/", "/sys/", "/dev/")
_Module = type(sys)
_Function = type(lambda: None)
# References to an object that its owner alone has, as sys.getrefcount counts them.
_UNSHARED = 2
_OF_A_PROCESS = (
    *((os, name) for name in ("getpgrp", "getsid", "umask", "nice", "getpriority", "times")),
    (resource, "getrlimit"),
    (resource, "setrlimit"),
    (resource, "getrusage"),
)
_NUMBERS = ((os, "getpid"), (os, "getppid"), (_thread, "get_native_id"))


class Watch:
    """Stands between a library and the process while it is imported."""

    def __init__(self, packages, standard):
        """Folders of packages and of the standard library, with a separator at the end; what is in them is looked after elsewhere."""
        self._folders = packages + standard
        self._packages = packages
        self._standard = standard
        self.variables = set()
        self.reads_all_variables = False
        self.paths = set()
        self.listed = set()
        self.requests = []
        self.registered = []
        self._is_over = False
        self._reasons = []
        self._asked = []
        self._replaced = []
        self._originals = {}
        self._kept = []

    def __enter__(self):
        self._environ = dict(os.environ)
        self._state = _look()
        self._environ_class = type(os.environ)
        os.environ.__class__ = self._noting(self._environ_class)
        self._argv = sys.argv
        self._no_argv = sys.argv = _Argv(lambda: self._reasons.append("it reads sys.argv"))
        self._main = sys.modules["__main__"]
        sys.modules["__main__"] = stand_in = _Main(lambda: self._reasons.append("it looks at __main__"))
        self._stand_for(stand_in, self._main)
        for name in ("stat", "lstat", "access", "readlink"):
            self._wrap(os, name, self._looks_at)
        for name in ("listdir", "scandir"):
            self._wrap(os, name, self._lists)
        for name in ("getcwd", "getcwdb"):
            self._wrap(os, name, self._reads_folder)
        for owner, name in _NUMBERS:
            self._wrap(owner, name, lambda: self._asked.append(True))
        for owner, name in _OF_A_PROCESS:
            self._wrap(owner, name, self._asks(f"{owner.__name__}.{name}"))
        for owner, name in ((os, "isatty"), (os, "get_terminal_size"), *((stream, "isatty") for stream in _streams())):
            self._wrap(owner, name, lambda *_: self._reasons.append("it looks at the terminal"))
        self._wrap(os, "mkdir", lambda *_, **__: self._reasons.append("it makes a folder"))
        self._wrap(os, "open", self._opens)
        self._wrap(builtins, "open", self._opens)
        self._wrap(io, "open", self._opens)
        self._watch_warnings()
        self._watch_imports()
        self._watch_registrations()
        return self

    def __exit__(self, *_):
        self._is_over = True
        for owner, name, original in reversed(self._replaced):
            if type(owner) is _Module:
                setattr(owner, name, original)
            else:
                delattr(owner, name)
        os.environ.__class__ = self._environ_class
        sys.argv = self._argv
        # Under its own name, and under `__mp_main__` where multiprocessing was imported.
        for name, module in list(sys.modules.items()):
            if id(module) in self._originals:
                sys.modules[name] = self._main
        self.variables_added = {name: value for name, value in os.environ.items() if name not in self._environ}

    def unwrap(self, module):
        """Gives a module that took one of what stood in the way by name what it stood for."""
        scope = getattr(module, "__dict__", None) or {}
        for name, value in list(scope.items()):
            original = self._originals.get(id(value))
            if original is not None:
                scope[name] = original

    def give_argv(self):
        """Who has kept sys.argv without a look at it, such as the default of an argument, gets the real one, which each program fills."""
        if sys.getrefcount(self._no_argv) <= _UNSHARED:
            return
        for holder in gc.get_referrers(self._no_argv):
            if type(holder) is tuple:
                for function in gc.get_referrers(holder):
                    if type(function) is _Function and function.__defaults__ is holder:
                        function.__defaults__ = tuple(self._argv if each is self._no_argv else each for each in holder)
            elif type(holder) is dict and holder is not self.__dict__:
                for name, value in list(holder.items()):
                    if value is self._no_argv:
                        holder[name] = self._argv
        function = holder = value = None
        if sys.getrefcount(self._no_argv) > _UNSHARED:
            self._reasons.append("it keeps sys.argv")

    def note_kept(self, modules, is_package):
        """Numbers of this process are often asked for and seldom kept by packages: a program would have others."""
        if not self._asked:
            return
        # Such as 1, the parent of what runs in the background, are numbers of many things.
        numbers = {number for number in (getattr(owner, name)() for owner, name in _NUMBERS) if number > 300}
        for module in modules:
            for value in list((getattr(module, "__dict__", None) or {}).values()):
                inner = _own_values(value) if is_package(getattr(type(value), "__module__", None)) else ()
                if any(type(each) is int and each in numbers for each in (value, *inner)):
                    self._reasons.append("it keeps a number of the process")
                    return

    def change(self):
        """Why programs would see that the library was imported, or it would have seen another program; None if neither is so."""
        for name, value in self._environ.items():
            if os.environ.get(name) != value:
                return f"it changes {name}"
        after = _look()
        for what, value in self._state.items():
            if after[what] != value:
                return f"it changes {what}"
        if self._reasons:
            return self._reasons[0]
        for name in self._patched():
            return f"it changes {name}"
        if len(sys._current_frames()) > 1:
            return "it starts a thread"
        return None

    def _patched(self):
        """Functions and classes of the standard library that a package has put its own in place of."""
        files = {name: getattr(module, "__file__", None) or "" for name, module in list(sys.modules.items())}
        ours = {name for name, file in files.items() if file.startswith(self._packages)}
        for name, file in files.items():
            if file.startswith(self._standard) and name not in ours:
                for key, value in list(vars(sys.modules[name]).items()):
                    # typing_extensions mends a private function of typing: nothing that a program asks for.
                    if key[0] != "_" and isinstance(value, (_Function, type)) and getattr(value, "__module__", None) in ours:
                        yield f"{name}.{key}"

    def _stand_for(self, stand_in, original):
        self._originals[id(stand_in)] = original
        # The object must not go while its number stands for it.
        self._kept.append(stand_in)

    def _replace(self, owner, name, wrapper):
        original = getattr(owner, name)
        self._stand_for(wrapper, original)
        self._replaced.append((owner, name, original))
        setattr(owner, name, wrapper)

    def _wrap(self, owner, name, note):
        original = getattr(owner, name)

        def wrapper(*arguments, **named):
            note(*arguments, **named)
            return original(*arguments, **named)

        self._replace(owner, name, wrapper)

    def _looks_at(self, path, *_, **__):
        self._add(self.paths, path)

    def _lists(self, path="."):
        self._add(self.listed, path)

    def _opens(self, path, mode="r", *_, **__):
        is_written = mode & (os.O_WRONLY | os.O_RDWR) if isinstance(mode, int) else set(mode) & set("wax+")
        if is_written and path != os.devnull:
            self._reasons.append("it writes a file")
        self._add(self.paths, path)

    def _add(self, found, path):
        try:
            path = os.fsdecode(path)
        except TypeError:
            return
        if not path.startswith(self._folders) and not path.startswith(_NEVER):
            found.add(path)

    def _reads_folder(self):
        if sys._getframe(2).f_globals.get("__name__") not in _RENEWED:
            self._reasons.append("it reads the working directory")

    def _asks(self, what):
        def note(*_, **__):
            # What is Python's own knows about forks.
            if not sys._getframe(2).f_code.co_filename.startswith((*self._standard, "<frozen ")):
                self._reasons.append(f"it asks {what}")

        return note

    def _watch_warnings(self):
        """A warning that is meant for who imports the library would be shown to a program, and here to nobody."""
        import warnings

        original = warnings.warn

        def warn(message, category=None, stacklevel=1, *rest, **named):
            frame = sys._getframe(1)
            for _ in range(stacklevel - 1):
                frame = frame and frame.f_back
                while frame and "importlib" in frame.f_code.co_filename and "_bootstrap" in frame.f_code.co_filename:
                    frame = frame.f_back
            if frame is None or not frame.f_code.co_filename.startswith(self._folders):
                self._reasons.append("it warns who imports it")
            return original(message, category, stacklevel + 1, *rest, **named)

        self._replace(warnings, "warn", warn)

    def _watch_imports(self):
        imported = builtins.__import__

        def noting(name, globals=None, locals=None, fromlist=(), level=0):
            scope = globals or {}
            self.requests.append((scope.get("__name__"), name, scope.get("__package__") or "", fromlist or (), level))
            return imported(name, globals, locals, fromlist, level)

        self._replace(builtins, "__import__", noting)

    def _watch_registrations(self):
        """What a library wants to be called at the end, or at a fork, by the module that wants it. In this process it is not."""
        at_exit, not_at_exit, at_fork = atexit.register, atexit.unregister, os.register_at_fork

        def note(caller, register, /, *arguments, **named):
            self.registered.append((caller.f_globals.get("__name__"), (register, arguments, named)))

        def registering(function, /, *arguments, **named):
            if self._is_over:
                return at_exit(function, *arguments, **named)
            note(sys._getframe(1), at_exit, function, *arguments, **named)
            return function

        def unregistering(function, /):
            if not self._is_over:
                self.registered[:] = [each for each in self.registered if each[1][1][:1] != (function,)]
            not_at_exit(function)

        def registering_at_fork(**functions):
            caller = sys._getframe(1)
            # What is Python's own puts itself right in each fork.
            if self._is_over or caller.f_code.co_filename.startswith(self._standard):
                return at_fork(**functions)
            return note(caller, at_fork, **functions)

        self._replace(atexit, "register", registering)
        self._replace(atexit, "unregister", unregistering)
        self._replace(os, "register_at_fork", registering_at_fork)

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


def _streams():
    return [stream for stream in (sys.stdin, sys.stdout, sys.stderr) if stream is not None]


class _Main(_Module):
    """The main module of no program."""

    def __init__(self, note):
        _Module.__init__(self, "__main__")
        object.__setattr__(self, "_note", note)

    def __getattribute__(self, name):
        # Imports look at the spec of whatever is there.
        if name != "__spec__":
            object.__getattribute__(self, "_note")()
        return object.__getattribute__(self, name)


class _Argv(list):
    """The arguments of no program."""

    def __init__(self, note):
        list.__init__(self, [""])
        self._note = note

    def _noting(name):
        plain = getattr(list, name)

        def method(self, *arguments):
            self._note()
            return plain(self, *arguments)

        return method

    for _name in ("__getitem__", "__iter__", "__len__", "__contains__", "__eq__", "copy", "index"):
        locals()[_name] = _noting(_name)
    del _name, _noting


def _look():
    """State of the process that a program would see without having imported anything."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:  # noqa: BLE001 - a library may have put anything there
            pass
    return {
        "sys.path": list(sys.path),
        "sys.path_hooks": list(sys.path_hooks),
        "sys.excepthook": sys.excepthook,
        "sys.displayhook": sys.displayhook,
        "sys.unraisablehook": sys.unraisablehook,
        "the standard streams": (sys.stdin, sys.stdout, sys.stderr),
        # Both lead to the server's log.
        "what is printed": os.fstat(2).st_size,
        "the recursion limit": sys.getrecursionlimit(),
        "the switch interval": sys.getswitchinterval(),
        "builtins": builtins.__dict__.keys() - {"_"},
        "signal handlers": [_signal.getsignal(number) for number in range(1, 32)],
        "descriptors": sorted(os.listdir("/proc/self/fd")),
        "trace functions": (sys.gettrace(), sys.getprofile()),
        "logging": _logging(),
    }


def _logging():
    root = getattr(sys.modules.get("logging"), "root", None)
    return (list(root.handlers), root.level, list(root.filters), root.manager.disable) if root else ([], 30, [], 0)


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


def _own_values(value):
    """Of an instance; what is a proxy must not notice."""
    try:
        return tuple(object.__getattribute__(value, "__dict__").values())
    except Exception:  # noqa: BLE001
        return ()
