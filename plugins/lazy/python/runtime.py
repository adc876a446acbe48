# Imports that wait, in a Python process: hands out rewritten code for the modules that the configuration names, and carries an import
# out when a name it binds is first used. No proxy ever stands for a module. What is in doubt is imported at once, as Python does.
import sys

import _frozen_importlib
from _frozen_importlib_external import SourceFileLoader
from _thread import get_ident
from marshal import dumps, loads
from time import perf_counter

MARK = "@pybun lazy imports"
FORMAT = 1
# Parts of the standard library that are missing where a C library was, and the module that tells.
OPTIONAL = {
    "bz2": "_bz2",
    "ctypes": "_ctypes",
    "curses": "_curses",
    "dbm": "_dbm",
    "hashlib": "_hashlib",
    "lzma": "_lzma",
    "sqlite3": "_sqlite3",
    "ssl": "_ssl",
    "tkinter": "_tkinter",
    "turtle": "_tkinter",
    "zlib": "zlib",
}


# Among importers: the standard library. What rewriting needs stays as it is, and `importlib`, which stands for the import system.
STANDARD = "standard-library"
UNTOUCHED = frozenset(
    (
        *("ast", "collections", "contextlib", "copyreg", "enum", "functools", "heapq", "importlib", "keyword", "operator", "re"),
        *("re._casefix", "re._compiler", "re._constants", "re._parser", "reprlib", "sre_compile", "sre_constants", "sre_parse"),
        *("test", "types", "warnings"),
    )
)


def matches(name, patterns):
    """`pandas` is pandas and all below it, `pandas.*` what is below it, `*` everything."""
    for pattern in patterns:
        if pattern == "*" or name == pattern:
            return True
        stem = pattern[:-2] if pattern.endswith(".*") else pattern
        if name.startswith(stem + "."):
            return True
    return False


class Policy:
    """Whose imports may wait, and for what."""

    def __init__(self, config):
        self.is_all = config["mode"] == "all"
        self.allow = config["allow"]
        self.core = config["core"]
        self.deny = [each for each in config["deny"] if ":" not in each]
        self.edges = [each.partition(":")[::2] for each in config["deny"] if ":" in each]
        self.importers = config["importers"]
        self.library = folder_of(sys.modules["os"].__file__)
        self.decided = {}

    def wants(self, _importer, module, members):
        """Whether an import may wait: `members` are the names a `from` takes, which may be modules, too."""
        names = every_name(module, members)
        if any(matches(name, self.core) for name in names):
            return False
        return self.is_all or any(matches(name, self.allow) for name in names)

    def is_denied(self, importer, needs):
        """Asked when a module runs, not when it is rewritten, so that another list needs no other code."""
        if not self.deny and not self.edges:
            return False
        names = [name for module, members in needs for name in every_name(module, members)]
        return any(matches(name, self.deny) for name in names) or any(
            matches(importer, [edge]) and any(matches(name, [target]) for name in names) for edge, target in self.edges
        )

    def is_importer(self, name, path):
        """Whether the imports of a module are looked at; those of the standard library only where that is asked for."""
        if path.startswith(self.library) and not is_third(path):
            return STANDARD in self.importers and name not in UNTOUCHED and not name.startswith("test.")
        key = (name.partition(".")[0], folder_of(path))
        if key not in self.decided or self.decided[key] is None:
            self.decided[key] = self.by_place(name, path)
        return self.decided[key] if self.decided[key] is not None else matches(name, self.importers)

    def by_place(self, name, path):
        """None where the name decides."""
        if "*" in self.importers or (not is_third(path) and "first-party" in self.importers):
            return True
        return None


def every_name(module, members):
    return [module, *[f"{module}.{each}" for each in members or () if each != "*"]]


def is_third(path):
    place = path.replace("\\", "/")
    return "/site-packages/" in place or "/dist-packages/" in place


def folder_of(path):
    return path[: max(path.rfind("/"), path.rfind("\\")) + 1]


class Refused(ImportError):
    """What should be imported lazily, and can't be, where that is not to be passed over."""


class Lazy:
    """All that one process knows of imports that wait."""

    def __init__(self, config, is_shared=False):
        self.config = config
        self.policy = Policy(config)
        # Modules that are loaded ahead, for programs that get them without their code being run anew; None where there are none.
        self.ahead = {} if is_shared else None
        self.is_ahead = is_shared
        # Who watches what libraries do with files is not to see what is done here.
        os = sys.modules["os"]
        self.stat, self.listdir, self.open = os.stat, os.listdir, open
        self.has_fallback = config["fallback"]
        self.is_logged = config["log"]
        # By package: submodules that an import which waits would have put there; true for those that are surely modules.
        self.children = {}
        self.busy = set()
        # By module: imports that wait while annotations may name what they bind; and who evaluates annotations.
        self.loose = {}
        self.evaluators = {"typing": know_forward_references, "inspect": know_annotations} if self.policy.is_all else {}
        for name in [name for name in self.evaluators if name in sys.modules]:
            self.know(name)
        self.roots = {}
        self.records = [] if config.get("record") else None
        self.rewriter = None
        self.plain = SourceFileLoader.get_code

    # -- code ---------------------------------------------------------------------------------------------------------

    def code_of(self, name, path, is_package, what="rewrite"):
        """The rewritten code of a module, None for one that stays as it is."""
        code, kept = self.cached(name, path, is_package, what)
        if kept and not self.has_fallback:
            line, module, why = kept[0]
            raise Refused(f"`{module}` can't be imported lazily in {path}, line {line}: {why}", name=name, path=path)
        if code is None:
            return None
        return code.replace(co_consts=tuple(self if each == MARK else each for each in code.co_consts))

    def cached(self, name, path, is_package, what):
        state = self.stat(path)
        key = [FORMAT, what, name, path, is_package, sys.implementation.cache_tag, sys.flags.optimize, self.config["policy"]]
        file = f"{self.config['cache']}/{_digest(repr(key))}"
        key += [state.st_mtime_ns, state.st_size, self.stat(folder_of(path) or ".").st_mtime_ns if is_package else 0]
        try:
            with self.open(file, "rb") as stream:
                found, code, kept = loads(stream.read())
            if found == key:
                return code, kept
        except (OSError, EOFError, ValueError, TypeError):
            pass
        try:
            code, kept = self.rewritten(name, path, is_package, what)
        except (SyntaxError, ValueError, RecursionError):
            # Python itself says what is wrong with it.
            code, kept = None, []
        try:
            self.keep(file, dumps((key, code, kept)))
        except (OSError, ValueError):
            pass
        return code, kept

    def keep(self, file, data):
        os = sys.modules["os"]
        fresh = f"{file}.{os.getpid()}.{get_ident()}"
        try:
            stream = self.open(fresh, "wb")
        except FileNotFoundError:
            os.makedirs(folder_of(file), exist_ok=True)
            stream = self.open(fresh, "wb")
        with stream:
            stream.write(data)
        os.replace(fresh, file)

    def rewritten(self, name, path, is_package, what):
        self.load_rewriter()
        siblings = set()
        if is_package:
            siblings = {each.partition(".")[0] for each in self.listdir(folder_of(path))} - {"__init__"}
        is_loose = self.policy.is_all and is_third(path)
        place = self.rewriter["Place"](name, is_package, siblings, is_loose)
        with self.open(path, "rb") as stream:
            source = stream.read()
        import warnings

        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            made = self.rewriter[what](source, path, place, self.policy.wants)
        # Python itself warns of it, as often as it does that.
        return (None, []) if any(each.filename == path for each in found) else made

    def load_rewriter(self):
        if self.rewriter is None:
            space = {"__name__": "_pybun_lazy_rewrite"}
            exec(compile(self.config["rewriter"], "<pybun lazy imports>", "exec"), space)
            self.rewriter = space

    # -- a rewritten module -------------------------------------------------------------------------------------------

    def begin(self, load, facts):
        """Called by a rewritten module before its own code: decides for each of its imports whether it can wait."""
        name, prefix, table = facts
        space = sys._getframe(1).f_globals
        space.pop(load.__name__, None)
        waiting = {}
        for at, (names, needs, line) in enumerate(table):
            flag = f"{prefix}{at}"
            is_at_once = (
                all(map(self.is_there, needs))
                or self.policy.is_denied(name, needs)
                or not all(self.is_found(module) for module, _ in needs)
            )
            # A module that is loaded anew imports anew.
            if flag in space and not is_at_once:
                for each in names:
                    space.pop(each, None)
            space[flag] = is_at_once
            if is_at_once:
                continue
            waiting.update(dict.fromkeys(names, at))
            for module, members in needs:
                self.expect(module, members)
            if self.records is not None:
                self.records.append([name, line, sorted({module for module, _ in needs}), None, 0.0])
        if waiting:
            made = Waiting(self, space, waiting, load, facts)
            made.install()
            if self.policy.is_all:
                self.loose[name] = made
        else:
            space[prefix] = nothing
            self.look_after(name)

    @staticmethod
    def is_there(need):
        """Whether importing would do nothing but bind names."""
        name, members = need
        module = sys.modules.get(name)
        if module is None or getattr(getattr(module, "__spec__", None), "_initializing", False):
            return False
        space = getattr(module, "__dict__", {})
        return all(each in space for each in members or ())

    def is_found(self, name):
        """Whether there is such a top-level package. What is missing is missed where the import stands, for whoever catches that."""
        root = name.partition(".")[0]
        found = self.roots.get(root)
        if found is None:
            found = root in sys.modules
            if found:
                found = sys.modules[root] is not None
            else:
                try:
                    needed = OPTIONAL.get(root, root)
                    found = _find_spec(needed, None) is not None
                except Exception:
                    found = False
            self.roots[root] = found
        return found

    def expect(self, name, members):
        """Notes the attributes that packages would have after an import: `a.b` is one of `a`."""
        above, _, last = name.rpartition(".")
        while above:
            self.expect_child(above, last, True)
            above, _, last = above.rpartition(".")
        for each in members or ():
            self.expect_child(name, each, False)

    def expect_child(self, package, child, is_sure):
        module = sys.modules.get(package) or (self.ahead and self.ahead.get(package))
        # What is there while modules are loaded ahead may be hidden later.
        if module is not None and child in module.__dict__ and not self.is_ahead:
            return
        children = self.children.setdefault(package, {})
        children[child] = is_sure or children.get(child, False)
        if module is not None:
            watch(module)

    def look_after(self, name, is_sure=False):
        """Has a module without hooks asked for the submodules that it would have."""
        module = sys.modules.get(name)
        if module is not None and (is_sure or name in self.children):
            watch(module)

    def child(self, package, name):
        """A submodule that is asked for before the import that waits for it; AttributeError for none."""
        children = self.children.get(package) or {}
        full = f"{package}.{name}"
        if full not in sys.modules and (name in children or self.may_be_child(package, full)):
            is_sure = children.pop(name, False)
            try:
                return _import_module(full)
            except ModuleNotFoundError as error:
                if is_sure or error.name != full:
                    raise
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    def may_be_child(self, package, full):
        """Where everything may wait, so may a module that would have imported the submodule."""
        if not self.policy.is_all or full.endswith("__") or package not in sys.modules:
            return False
        path = sys.modules[package].__dict__.get("__path__")
        return path is not None and _find_spec(full, path) is not None

    def was_run(self):
        """Called at the end of a module that evaluates annotations: from now on that imports what waits under their names."""
        self.know(sys._getframe(1).f_globals["__name__"])

    def know(self, name):
        know = self.evaluators.pop(name, None)
        if know is not None and name in sys.modules:
            know(self, sys.modules[name])

    def resolve_in(self, space, text):
        """Imports what waits under names that a text in a module's namespace, or a copy of it, has."""
        made = self.loose.get(space.get("__name__")) if isinstance(space, dict) else None
        if made is not None:
            for name in list(made.names):
                if name in text and name in made.names:
                    made.resolve(name)
                    space.setdefault(name, made.space[name])

    # -- what is told -------------------------------------------------------------------------------------------------

    def tell(self, importer, needs, line, spent):
        if self.is_logged:
            what = ", ".join(sorted({module for module, _ in needs}))
            sys.__stderr__.write(f"lazy: {importer}:{line} imports {what} ({spent * 1000:.1f} ms)\n")
        if self.records is not None:
            for record in self.records:
                if record[0] == importer and record[1] == line and record[3] is None:
                    record[3:] = [perf_counter(), spent]

    def write_records(self, file):
        if self.config["process"] == sys.modules["os"].getpid():
            import json

            with open(file, "w") as out:
                json.dump(self.records, out)


def missing(space, name):
    """The error that Python has for a module without such a name: raised by a copy that has no hooks."""
    copy = Module(space.get("__name__", ""))
    copy.__dict__.update({each: space[each] for each in list(space) if each[:2] != "_@" and each != "__getattr__"})
    return Module.__getattribute__(copy, name)


def nothing(_name):
    """What a module without waiting imports calls when it has bound a hook of its own."""


class Waiting:
    """The imports of one module that wait."""

    def __init__(self, lazy, space, names, load, facts):
        self.lazy = lazy
        self.space = space
        self.names = names
        self.load = load
        self.importer, self.prefix, self.table = facts
        # By name: what PyBun puts into the module, and what the module has of its own.
        self.hooks = {}
        self.own = {}

    def install(self):
        # Before the module's own code: who imports it in a circle asks for names, too.
        self.hooks = {"__getattr__": hidden(self.make_getattr()), "__dir__": self.make_dir()}
        self.space[self.prefix] = self.resolve
        self.put_hooks()

    def put_hooks(self):
        space = self.space
        for name, hook in self.hooks.items():
            if name in space and space[name] is not hook:
                self.own[name] = space[name]
            space[name] = hook

    def resolve(self, name):
        """
        Carries an import out: what a rewritten use of `name` calls while its flag is down. Without a name: the module has just
        bound a hook of its own.
        """
        if name is None:
            if self.names:
                self.put_hooks()
            return None
        at = self.names.get(name)
        space = self.space
        if at is None:
            if name not in space:
                raise NameError(f"name {name!r} is not defined")
            return space[name]
        names, needs, line = self.table[at]
        # Who set such a name from outside meant it.
        given = {each: space[each] for each in names if each in space}
        me = (id(space), at, get_ident())
        self.lazy.busy.add(me)
        start = perf_counter()
        try:
            self.load(at)
        finally:
            self.lazy.busy.discard(me)
        space.update(given)
        space[f"{self.prefix}{at}"] = True
        for each in names:
            self.names.pop(each, None)
        self.lazy.tell(self.importer, needs, line, perf_counter() - start)
        if not self.names:
            self.uninstall()
        return space[name]

    def uninstall(self):
        """A module whose imports are all done is an ordinary one again, and as fast."""
        space = self.space
        if self.lazy.children.get(self.importer):
            return
        for name, hook in self.hooks.items():
            if space.get(name) is hook:
                del space[name]
                if name in self.own:
                    space[name] = self.own[name]
        self.lazy.look_after(self.importer)

    def make_getattr(self):
        def __getattr__(name):
            at = self.names.get(name)
            if at is not None and (id(self.space), at, get_ident()) not in self.lazy.busy:
                return self.resolve(name)
            if name == "__all__":
                # A star import without a list takes all names there are.
                for each in list(self.names):
                    if each in self.names:
                        self.resolve(each)
            own = self.own.get("__getattr__")
            if own is not None:
                try:
                    return own(name)
                except AttributeError as error:
                    try:
                        return self.lazy.child(self.importer, name)
                    except AttributeError:
                        raise error from None
            try:
                return self.lazy.child(self.importer, name)
            except AttributeError:
                pass
            return missing(self.space, name)

        return __getattr__

    def make_dir(self):
        def __dir__():
            own = self.own.get("__dir__")
            hooks = [name for name in self.hooks if name not in self.own]
            every = own() if own is not None else [*self.space, *self.names]
            return sorted({each for each in every if not each.startswith("_@") and each not in hooks})

        return __dir__


def watch(module):
    """Has a package asked for the submodules that it would have."""
    if type(module) is Module and not hasattr(module.__dict__.get("__getattr__"), "_pybun"):
        module.__class__ = Package


def hidden(function):
    """Frames of the import system are left out of tracebacks, and passed over by warnings."""
    code = function.__code__
    function.__code__ = code.replace(co_filename="<frozen importlib._bootstrap>")
    function._pybun = True
    return function


Module = type(sys)


def know_forward_references(lazy, typing):
    kind = getattr(typing, "ForwardRef", None)
    plain = getattr(kind, "_evaluate", None)
    if plain is None:
        return

    def _evaluate(self, globalns, localns, *rest, **more):
        module = getattr(self, "__forward_module__", None)
        module = sys.modules.get(module, module) if isinstance(module, str) else module
        # For classes the two are the other way round.
        for space in (localns, globalns if module is None else module.__dict__):
            lazy.resolve_in(space, self.__forward_arg__)
        return plain(self, globalns, localns, *rest, **more)

    kind._evaluate = _evaluate


def know_annotations(lazy, inspect):
    plain = getattr(inspect, "get_annotations", None)
    if plain is None:
        return

    def get_annotations(obj, **options):
        if options.get("eval_str"):
            name = getattr(obj, "__name__", "") if inspect.ismodule(obj) else getattr(inspect.unwrap(obj), "__module__", "")
            made = lazy.loose.get(name)
            if made is not None:
                lazy.resolve_in(made.space, repr(getattr(obj, "__annotations__", None)))
        return plain(obj, **options)

    get_annotations.__wrapped__ = plain
    get_annotations.__doc__ = plain.__doc__
    get_annotations.__module__ = plain.__module__
    inspect.get_annotations = get_annotations


class Kind(type):
    """Tables by type, such as those of picklers, have for such a package what they have for any module."""

    def __hash__(cls):
        return hash(Module)

    def __eq__(cls, other):
        return other is cls or other is Module


class Package(Module, metaclass=Kind):
    """A package below which an import waits."""

    def __getattr__(self, name):
        try:
            return lazy_imports.child(self.__name__, name)
        except AttributeError:
            pass
        # As the module itself says it, or Python for it.
        return Module.__getattribute__(self, name)


Package.__name__ = Package.__qualname__ = "module"
Package.__module__ = "builtins"
Kind.__name__ = Kind.__qualname__ = "type"
Kind.__module__ = "builtins"
lazy_imports = None


def _digest(text):
    from _imp import source_hash

    data = text.encode("utf-8", "surrogatepass")
    return source_hash(1, data).hex() + source_hash(2, data).hex()


def _find_spec(name, path):
    return _frozen_importlib._find_spec(name, path)


def _import_module(name):
    __import__(name)
    return sys.modules[name]


# -- the start ----------------------------------------------------------------------------------------------------------


def start(config):
    if sys.implementation.name != "cpython" or sys.version_info < (3, 9):
        return
    lazy = Lazy({**config, "process": sys.modules["os"].getpid()})
    if lazy.records is not None:
        record(lazy, config["record"])
    if hasattr(sys, "set_lazy_imports_filter"):
        start_native(lazy, sys)
        return
    put_in_place(lazy)
    program(lazy)


def serve(config):
    """In a process that libraries are loaded into ahead, which then becomes programs; returns what each of them begins with."""
    if hasattr(sys, "set_lazy_imports_filter"):
        raise RuntimeError("the interpreter's own lazy imports are not served")
    lazy = Lazy(config, is_shared=True)
    # Brings modules, which are of no library then.
    lazy.load_rewriter()
    put_in_place(lazy)

    def begin():
        lazy.is_ahead = False
        # The program has folders of its own to import from.
        lazy.roots.clear()
        program(lazy)

    return begin


def put_in_place(lazy):
    global lazy_imports
    lazy_imports = lazy
    plain = SourceFileLoader.get_code

    def get_code(self, fullname):
        path = self.path
        if lazy.is_ahead and fullname in sys.modules:
            lazy.ahead[fullname] = sys.modules[fullname]
        what = "noted" if fullname in lazy.evaluators else "rewrite"
        if type(self) is SourceFileLoader and (what == "noted" or lazy.policy.is_importer(fullname, path)):
            try:
                code = lazy.code_of(fullname, path, self.is_package(fullname), what)
            except Refused:
                raise
            except Exception:
                code = None
            if code is not None:
                return code
            lazy.look_after(fullname, lazy.policy.is_all and self.is_package(fullname))
        else:
            lazy.look_after(fullname)
        return plain(self, fullname)

    SourceFileLoader.get_code = hidden(get_code)
    for function in (Waiting.resolve, Lazy.begin, Lazy.child, _import_module):
        hidden(function)


def record(lazy, variable):
    import atexit
    import os

    file = os.environ.pop(variable, None)
    if file is None:
        lazy.records = None
    else:
        atexit.register(lazy.write_records, file)


def start_native(lazy, system):
    """From 3.15 on the interpreter itself has imports wait; only which ones is decided here, by the same rules."""
    planned = {}

    def pairs(importer):
        module = system.modules.get(importer)
        path = getattr(getattr(module, "__spec__", None), "origin", None) or getattr(module, "__file__", None)
        if not path or not path.endswith(".py") or not lazy.policy.is_importer(importer, path):
            return frozenset()
        is_package = hasattr(module, "__path__")
        return frozenset(lazy.cached(importer, path, is_package, "waiting")[0] or ())

    def wanted(importer, name, fromlist=None):
        try:
            if importer not in planned:
                planned[importer] = pairs(importer)
            members = tuple(fromlist) if fromlist else None
            # Modules taken from a package are planned one by one.
            needs = [(name, members), *[(name, (each,)) for each in members or ()]]
            can_wait = needs[0] in planned[importer] or (members and planned[importer].issuperset(needs[1:]))
            return bool(can_wait) and not lazy.policy.is_denied(importer, needs[:1]) and lazy.is_found(name)
        except Exception:
            return False

    system.set_lazy_imports_filter(wanted)
    system.set_lazy_imports("all")


def program(lazy):
    """A script is not imported: where its imports may wait, its rewritten code has to be run in place of its own."""
    import os

    given = sys.argv[0] if sys.argv else ""
    flags = sys.flags
    if not given.endswith(".py") or flags.inspect or flags.interactive or getattr(flags, "safe_path", False):
        return
    script = os.path.abspath(given)
    try:
        if os.environ.get("PYTHONINSPECT") or not lazy.policy.is_importer("__main__", script):
            return
        code = lazy.code_of("__main__", script, False)
    except Refused as error:
        sys.exit(f"ImportError: {error}")
    except Exception:
        return
    if code is not None:
        sys.path_hooks.insert(0, ProgramHook(script, code, os.path.dirname(os.path.realpath(given))))


class ProgramHook:
    """
    Python asks for an importer of the script's path, as it may be an archive. It gets one, which makes it run `__main__` from there by
    `runpy`; that is stood in for, for this one call, by what runs the code with no frame of its own.
    """

    def __init__(self, script, code, folder):
        self.script = script
        self.code = code
        self.folder = folder

    def __call__(self, path):
        if path != self.script:
            raise ImportError(path)
        sys.path_hooks.remove(self)
        self.runpy = sys.modules.get("runpy")
        sys.modules["runpy"] = self
        return self

    @property
    def _run_module_as_main(self):
        from _functools import partial

        if self.runpy is None:
            del sys.modules["runpy"]
        else:
            sys.modules["runpy"] = self.runpy
        sys.path_importer_cache.pop(self.script, None)
        if sys.path and sys.path[0] == self.script:
            sys.path[0] = self.folder
        space = sys.modules["__main__"].__dict__
        space["__file__"] = self.script
        space["__cached__"] = None
        space["__loader__"] = SourceFileLoader("__main__", self.script)
        return partial(setattr, program_call()(partial(exec, self.code, space)))


def program_call():
    """
    Called as `setattr(call, "__main__", False)`, an object of this class calls what it was made with, without arguments, and hands
    on all that is raised. No part of it is Python code, so the program is the first frame, as it is for Python itself.
    """
    from _collections import defaultdict
    from _operator import getitem

    return type("call", (defaultdict,), {"__main__": property(None, getitem)})
