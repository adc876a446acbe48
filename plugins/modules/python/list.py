"""Lists all modules that this Python can import, as `importlib` finds them, without importing one. One line of JSON.

`importlib_ms` is the time of that. With `--pkgutil`, `pkgutil_ms` is that of walking with `pkgutil.iter_modules`, which knows no
namespace packages and says no paths.
"""

import _imp
import json
import os
import pkgutil
import sys
import time
from importlib.machinery import PathFinder


def names_in(entry):
    try:
        names = os.listdir(entry)
    except OSError:
        importer = None if entry.endswith(".__path_hook__") else sys.path_importer_cache.get(entry)
        files = importer._get_files() if hasattr(importer, "_get_files") else getattr(importer, "_files", {})
        prefix = getattr(importer, "prefix", None) or ""
        names = {name[len(prefix) :].split(os.sep)[0] for name in files if name.startswith(prefix)}
    found = {name.partition(".")[0] for name in names}
    return {name for name in found if name.isidentifier() and name not in ("__init__", "__pycache__")}


def kind(spec):
    if spec.origin is None or spec.loader is None or spec.origin == "namespace":
        return "namespace"
    if spec.submodule_search_locations is not None:
        return "package"
    return "extension" if "Extension" in type(spec.loader).__name__ else "module"


def editables():
    """The hooks of projects that setuptools installed in editable mode."""
    return [finder for finder in sys.meta_path if getattr(finder, "__name__", "") == "_EditableFinder"]


def names_of_hooks(prefix):
    modules = [sys.modules[finder.__module__] for finder in editables()]
    names = [name for module in modules for name in [*module.MAPPING, *module.NAMESPACES]]
    return {name[len(prefix) :].split(".")[0] for name in names if name.startswith(prefix) and name != prefix}


def find(name, path):
    # What `find_spec` asks, before it wraps namespace packages in a path that needs their parents to be imported.
    spec = PathFinder._get_spec(name, path)
    if spec is not None and spec.loader is None and not spec.submodule_search_locations:
        spec = None
    for finder in editables():
        spec = spec or finder.find_spec(name, None)
    return spec


def walk(path, prefix, found, taken, above):
    for entry in path:
        PathFinder._path_importer_cache(entry)
    for tail in sorted(names_of_hooks(prefix).union(*map(names_in, path))):
        name = prefix + tail
        spec = None if name in taken else find(name, path)
        if spec is None:
            continue
        what = kind(spec)
        before = len(found)
        found.append([name, what, None if what == "namespace" else spec.origin])
        if spec.submodule_search_locations is not None:
            locations = list(spec.submodule_search_locations)
            links = [os.path.realpath(folder) for folder in locations if os.path.islink(folder)]
            if not above.intersection(links):
                walk(locations, name + ".", found, taken, above.union(links))
        if what == "namespace" and len(found) == before + 1:
            found.pop()


def count(path, prefix):
    total = 0
    for module in pkgutil.iter_modules(path, prefix):
        total += 1
        if module.ispkg:
            folder = getattr(module.module_finder, "path", None)
            if folder is not None:
                total += count([os.path.join(folder, module.name.rpartition(".")[2])], module.name + ".")
    return total


def main():
    # The program's own folder is the caller's to say; `site` has made the rest.
    path = json.loads(sys.argv[1]) + sys.path[1 if sys.path[0] == "" else 0 :]
    taken = set(sys.builtin_module_names)
    if hasattr(_imp, "_frozen_module_names"):
        taken.update(name for name in _imp._frozen_module_names() if _imp.find_frozen(name))
    else:
        taken.update(name for name in ("_frozen_importlib", "_frozen_importlib_external", "zipimport") if _imp.is_frozen(name))
        taken.update(name for name in ("__hello__", "__phello__", "__phello__.spam") if _imp.is_frozen(name))
    start = time.perf_counter()
    listed = count(path, "") if "--pkgutil" in sys.argv else 0
    between = time.perf_counter()
    sys.path_importer_cache.clear()
    again = time.perf_counter()
    found = []
    walk(path, "", found, taken, frozenset())
    end = time.perf_counter()
    result = {
        "pkgutil_ms": (between - start) * 1000,
        "pkgutil_modules": listed,
        "importlib_ms": (end - again) * 1000,
        "modules": found,
        "taken": sorted(name for name in taken if all(part.isidentifier() for part in name.split("."))),
        # Those of hooks are no folders.
        "path": [entry for entry in path if not entry.endswith(".__path_hook__")],
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
