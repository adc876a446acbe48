"""Finds modules that are loaded, and hidden until somebody imports them."""

import os
import sys

_ModuleSpec = type(sys.__spec__)
_BuiltinImporter = sys.__spec__.loader


class Finder:
    """No entry of sys.meta_path, where programs would see it: the finder that Python has put first asks it before it looks itself."""

    def __init__(self, preloaded, path):
        self._preloaded = preloaded
        self._path = path
        self._plain = vars(_BuiltinImporter)["find_spec"]
        looks_itself = _BuiltinImporter.find_spec

        def find_spec(cls, fullname, path=None, target=None):
            return self._find(fullname, path) or looks_itself(fullname, path, target)

        for name in ("__module__", "__qualname__", "__doc__"):
            setattr(find_spec, name, getattr(looks_itself, name))
        _BuiltinImporter.find_spec = classmethod(find_spec)

    def remove(self):
        _BuiltinImporter.find_spec = self._plain

    def _find(self, name, path):
        module = self._preloaded.hidden(name)
        if module is None or (path is None and self._is_elsewhere(name)):
            return None
        spec = getattr(module, "__spec__", None)
        shown = _ModuleSpec(name, _Loader(self._preloaded, spec))
        if spec is not None:
            shown.origin, shown.cached = spec.origin, spec.cached
            shown.submodule_search_locations = spec.submodule_search_locations
            shown._set_fileattr = spec._set_fileattr
        return shown

    def _is_elsewhere(self, name):
        """A folder that the program has put on sys.path has the name, too."""
        for folder in sys.path[1:]:
            if folder not in self._path and _has_module(folder, name):
                return True
        return False


class _Loader:
    """Has nothing left to do. To who looks at a module without importing it, it is the module's own."""

    def __init__(self, preloaded, spec):
        self._preloaded = preloaded
        self._spec = spec

    # Not sooner: importlib takes the spec of a module that is there when a finder returns, and would execute it again.
    def create_module(self, spec):
        return self._preloaded.show(spec.name)

    def exec_module(self, module):
        module.__spec__ = self._spec

    def __getattr__(self, name):
        return getattr(self._spec.loader, name)


def _has_module(folder, name):
    try:
        names = os.listdir(folder or ".")
    except OSError:
        return False
    return name in modules_in(folder, names)


def modules_in(folder, names):
    """Top-level modules of a folder by name; folders count with `__init__.py`, since others come after everything else."""
    for name in names:
        stem, dot, _ = name.partition(".")
        if dot and name.endswith((".py", ".so", ".pyc")):
            yield stem
        elif not dot and os.path.exists(os.path.join(folder or ".", name, "__init__.py")):
            yield name
