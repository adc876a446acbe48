"""Modules that are loaded ahead, and hidden until the program imports them.

A program must not see what it did not import: `sys.modules`, attributes of packages, import hooks and warning filters are as after the
start of Python, until a name is imported. Then everything that came with it when it was loaded here comes with it again.
"""

import os
import sys
import time

from _pybun_zygote_finder import Finder, modules_in
from _pybun_zygote_watch import Watch, filters, filters_mutated

# Read by libraries without Python: what these say is settled once such a library is loaded.
_READ_IN_C = ("OMP_", "OPENBLAS_", "GOTO_", "MKL_", "BLIS_", "VECLIB_", "NUMEXPR_", "KMP_", "CUDA_", "NVIDIA_", "ROCM_", "HIP_")
# Of a shell, for itself: nothing that runs at the start of Python goes by them.
_VOLATILE = frozenset(("_", "SHLVL", "OLDPWD", "COLUMNS", "LINES", "PS1"))
_NOT_LOADED = frozenset(("__main__", "sitecustomize"))
_Module = type(sys)
_Function = type(lambda: None)


class _Step:
    """Modules that are shown together: what came of one top-level package with the import of one name."""

    def __init__(self):
        self.names = []
        self.needs = set()
        self.attributes = []
        self.finders = []
        self.filters = []
        self.variables = {}
        self.registered = []
        self.is_shown = False


class Preloaded:
    """The modules loaded ahead, in steps: one for each name that was asked for."""

    def __init__(self, start, packages, standard):
        """
        `start`: names of the modules that Python itself starts with, and the folders it has looked into by then. `packages`, `standard`: folders of packages and of the standard
        library, with a separator at the end.
        """
        self._base, self._importers = start
        self._packages = packages
        self._standard = standard
        self._steps = []
        self._step_of = {}
        self._modules = {}
        self._files = {}
        self._listed = {}
        self._links = {}
        self._variables = set()
        self._reads_all_variables = False
        self._reads_unknown_variables = False
        self._meta_path = list(sys.meta_path)
        self._filters = list(filters())
        # What this process needs for itself.
        for step in self._take():
            self._connect(step)

    def needs_variable(self, name):
        """A variable that must be as it is here; None where nobody knows which."""
        if name is None:
            self._reads_unknown_variables = True
        else:
            self._variables.add(name)

    def __contains__(self, name):
        return name in self._modules

    def hidden(self, name):
        """None for a module that was shown as well: who has taken it out of sys.modules gets it anew, as ever."""
        step = self._step_of.get(name)
        return None if step is None or step.is_shown else self._modules[name]

    def name_taken_in(self, folder):
        """A library that is loaded, or a module of Python's own, which a program with this folder would not get."""
        try:
            names = os.listdir(folder)
        except OSError:
            return None
        tops = {name for name in self._modules if "." not in name}
        likely = [name for name in names if name.partition(".")[0] in tops]
        return next(iter(modules_in(folder, likely)), None)

    def count(self):
        return len(self._modules)

    def is_package_file(self, module):
        origin = getattr(getattr(module, "__spec__", None), "origin", None)
        return isinstance(origin, str) and origin.startswith(self._packages)

    def is_library_file(self, module):
        """Of a package or of the standard library."""
        origin = getattr(getattr(module, "__spec__", None), "origin", None)
        return isinstance(origin, str) and origin.startswith(self._packages + self._standard)

    def load(self, name):
        """Loads a module. Returns whether nothing came of it, and why it may not be loaded ahead, if so."""
        failure = None
        watch = Watch(self._packages, self._standard)
        with watch:
            try:
                __import__(name)
            except BaseException as error:  # noqa: BLE001 - a module may raise anything
                failure = f"it can't be imported: {type(error).__name__}"
        steps = self._take()
        for module in self._modules.values():
            watch.unwrap(module)
        watch.give_argv()
        fresh = [self._modules[name] for step in steps for name in step.names]
        watch.note_kept(
            [module for module in fresh if self.is_package_file(module)],
            lambda name: self.is_package_file(self._modules.get(name)),
        )
        if steps:
            # Nobody can tell which of the packages it was.
            self._step_of.get(name, steps[-1]).variables = watch.variables_added
        self._variables |= watch.variables
        self._reads_all_variables |= watch.reads_all_variables
        for path in watch.paths:
            self._files.setdefault(path, _state(path))
        for path in watch.listed:
            self._listed.setdefault(path, _mtime(path))
        for step in steps:
            self._connect(step)
        self._follow(watch.requests)
        for caller, call in watch.registered:
            self._put_off(caller, call, steps)
        change = watch.change()
        return not steps and change is None, failure or change

    def _is_new(self, name):
        return not (name in self._base or name in self._modules or name.startswith("_pybun_") or name in _NOT_LOADED)

    def _take(self):
        """Puts new modules, and what changed beside them, into steps."""
        steps = {}
        for name in [name for name in sys.modules if self._is_new(name)]:
            module = sys.modules[name]
            step = steps.setdefault(name.partition(".")[0], _Step())
            step.names.append(name)
            self._modules[name] = module
            self._step_of[name] = step
            if self.is_package_file(module):
                self._note_file(module.__spec__.origin)
        for step in steps.values():
            # A submodule that another step brought is no attribute of its package before.
            for name in step.names:
                parent, _, leaf = name.rpartition(".")
                owner = sys.modules.get(parent)
                if owner is not None and self._step_of.get(parent) is not step and _attribute(owner, leaf) is self._modules[name]:
                    step.attributes.append((owner, leaf, self._modules[name]))
        # A finder or a filter belongs to the package whose code it is; else to whatever came last.
        last = next(reversed(steps.values()), None)
        for finder in sys.meta_path:
            if finder not in self._meta_path:
                steps.get((_home(finder) or "").partition(".")[0], last).finders.append(finder)
        for entry in filters():
            if entry not in self._filters:
                home = getattr(entry[2], "__module__", "").partition(".")[0]
                steps.get(home, last).filters.append(entry)
        self._meta_path = list(sys.meta_path)
        self._filters = list(filters())
        self._steps += steps.values()
        return list(steps.values())

    def _connect(self, step):
        """Finds the steps that this one rests on by what its modules hold."""
        for name in step.names:
            for value in list((getattr(self._modules[name], "__dict__", None) or {}).values()):
                homes = [_home(value)]
                if issubclass(type(value), type):
                    homes += map(_home, type.mro(value) if type(value) is type else ())
                for home in homes:
                    if isinstance(home, str):
                        self._need(step, home)

    def _follow(self, requests):
        """Finds the steps that others rest on by what was imported."""
        for importer, name, package, fromlist, level in requests:
            step = self._step_of.get(importer)
            if step is None:
                continue
            if level:
                base = package.rsplit(".", level - 1)[0] if level > 1 else package
                name = f"{base}.{name}" if name else base
            for item in fromlist:
                self._need(step, f"{name}.{item}")
            self._need(step, name)

    def _need(self, step, name):
        while name:
            other = self._step_of.get(name)
            if other is not None and other is not step:
                step.needs.add(other)
            name = name.rpartition(".")[0]

    def _put_off(self, caller, call, steps):
        """What is to be called at the end, or at a fork, is registered for a program when it imports the module that wants it."""
        # A library without Python is called by the import itself.
        is_import = caller is None or caller.partition(".")[0] == "importlib"
        step = self._step_of.get(caller)
        if step is None and steps and (is_import or caller not in self._base):
            step = steps[-1]
        if step is None:
            _register(call)
        else:
            step.registered.append(call)

    def _note_file(self, file):
        """A package that is a link leads to files that nobody writes to: that it leads there is enough."""
        for folder in self._packages:
            if file.startswith(folder):
                top = folder + file[len(folder) :].partition(os.sep)[0]
                if os.path.islink(top):
                    self._links[top] = os.readlink(top)
                    return
        self._files[file] = _state(file)

    def changed_file(self):
        """A file that is not as it was when something was loaded from it, or looked for it. Relative ones count from here."""
        for file, state in self._files.items():
            if _state(file) != state:
                return file
        for link, leads_to in self._links.items():
            try:
                if os.readlink(link) != leads_to:
                    return link
            except OSError:
                return link
        for folder, mtime in self._listed.items():
            if _mtime(folder) != mtime:
                return folder
        return None

    def differing_variable(self, own, theirs):
        """A variable that something loaded here has read, and that has another value where the program comes from."""
        everything = own.keys() | theirs.keys()
        unknown = everything - _VOLATILE if self._reads_unknown_variables else set()
        for name in everything if self._reads_all_variables else self._variables | unknown:
            if own.get(name) != theirs.get(name):
                return name
        for name in everything:
            if name.startswith(_READ_IN_C) and own.get(name) != theirs.get(name):
                return name
        return None

    def hide(self):
        """For a fork: what was loaded is as if it had not been, but for those who import it."""
        hidden, found, variables = set(), [], set()
        for step in self._steps:
            for name in step.names:
                sys.modules.pop(name, None)
            for owner, leaf, module in step.attributes:
                if _attribute(owner, leaf) is module:
                    _take_away(owner, leaf)
            found += step.finders
            hidden.update(map(id, step.filters))
            variables.update(step.variables)
        sys.meta_path[:] = [finder for finder in sys.meta_path if finder not in found]
        if hidden:
            filters()[:] = [entry for entry in filters() if id(entry) not in hidden]
            filters_mutated()
        for path in sys.path_importer_cache.keys() - self._importers:
            del sys.path_importer_cache[path]
        self._finder = Finder(self, set(sys.path))

    def shown_names(self):
        return [name for step in self._steps if step.is_shown for name in step.names]

    def show(self, name):
        """Brings a module and what came with it back."""
        steps, waiting = [], [self._step_of[name]]
        while waiting:
            step = waiting.pop()
            if not step.is_shown:
                step.is_shown = True
                steps.append(step)
                waiting += step.needs
        for step in reversed(steps):
            self._show(step)
        if all(step.is_shown for step in self._steps):
            self._finder.remove()
        return self._modules[name]

    def _show(self, step):
        for name in step.names:
            sys.modules.setdefault(name, self._modules[name])
        for owner, leaf, module in step.attributes:
            setattr(owner, leaf, module)
        for name, value in step.variables.items():
            os.environ.setdefault(name, value)
        sys.meta_path += [finder for finder in step.finders if finder not in sys.meta_path]
        for call in step.registered:
            _register(call)
        if step.filters:
            filters()[:0] = step.filters
            filters_mutated()
        for name in step.names:
            _renew(name, self._modules[name])


def _register(call):
    register, arguments, named = call
    register(*arguments, **named)


def _renew(name, module):
    """What a module settles for its process when it is imported."""
    if name in ("random", "numpy.random"):
        module.seed()
    elif name == "threading":
        if hasattr(module._main_thread, "_set_native_id"):
            module._main_thread._set_native_id()
    elif name == "multiprocessing.process":
        module.ORIGINAL_DIR = os.path.abspath(os.getcwd())
    elif name == "logging":
        module._startTime = time.time_ns() if sys.version_info >= (3, 13) else time.time()


def _home(value):
    """Name of the module that an object is or comes from. What is a proxy must not notice that it was looked at."""
    kind = type(value)
    if kind is _Module:
        return value.__name__
    source = value if kind is _Function or issubclass(kind, type) else kind
    try:
        return source.__module__
    except Exception:  # noqa: BLE001 - a metaclass may do anything
        return None


def _attribute(owner, name):
    try:
        return vars(owner).get(name)
    except TypeError:
        return None


def _take_away(owner, name):
    try:
        delattr(owner, name)
    except AttributeError:
        # What stands for a module, as Twisted has it, may hand a new attribute on and not its end.
        vars(owner).pop(name, None)


def _state(file):
    """What is at a path. That a folder is there is enough: who goes by its content, lists it."""
    try:
        stat = os.stat(file)
    except (OSError, ValueError):
        return None
    return _IS_FOLDER if stat.st_mode & 0o170000 == 0o040000 else (stat.st_mtime_ns, stat.st_size, stat.st_ino)


_IS_FOLDER = "folder"


def _mtime(folder):
    try:
        return os.stat(folder).st_mtime_ns
    except OSError:
        return None
