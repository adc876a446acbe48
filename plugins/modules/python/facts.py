"""Says how the Python that runs it looks for modules: one line of JSON on standard output.

Standard library only, started with -I -S. What differs between builds is tried out, not derived from version numbers.
"""

import _frozen_importlib_external
import _imp
import json
import os
import site
import sys
import tempfile
import zipfile
import zipimport

ROOT = os.path.join(os.sep, "@")


def frozen():
    """Names of frozen modules, with the one whose file they were made from."""
    if not hasattr(_imp, "_frozen_module_names"):
        # Before 3.11.
        names = ("_frozen_importlib", "_frozen_importlib_external", "zipimport", "__hello__", "__phello__", "__phello__.spam")
        return {name: name for name in names if _imp.is_frozen(name)}
    found = ((name, _imp.find_frozen(name)) for name in _imp._frozen_module_names())
    return {name: facts[2] or name for name, facts in found if facts}


def site_packages(prefix):
    """Where packages are looked for below a prefix; an interpreter's patched `site` may ask what sys.prefix is."""
    return [os.path.relpath(path, prefix).replace(os.sep, "/") for path in site.getsitepackages([prefix])]


def user_site():
    os.environ.pop("PYTHONUSERBASE", None)
    os.environ["HOME"] = os.environ["USERPROFILE"] = ROOT
    base = site.getuserbase()
    path = site.getusersitepackages()
    return {"base": os.path.relpath(base, ROOT).replace(os.sep, "/"), "path": os.path.relpath(path, base).replace(os.sep, "/")}


def reads_hidden_path_files(folder):
    target = os.path.join(folder, "target")
    os.mkdir(target)
    with open(os.path.join(folder, ".hidden.pth"), "w") as file:
        file.write("target\n")
    before = list(sys.path)
    site.addsitedir(folder)
    after = list(sys.path)
    sys.path[:] = before
    return any(path not in before and os.path.basename(path) == "target" for path in after)


def derives_zip_folders(folder):
    """Whether a folder that has no entry of its own in an archive counts as one."""
    archive = os.path.join(folder, "a.zip")
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("folder/module.py", "")
    spec = zipimport.zipimporter(archive).find_spec("folder") if hasattr(zipimport.zipimporter, "find_spec") else None
    return spec is not None


def main():
    path = list(sys.path)
    on_host = [os.path.abspath(folder) for folder in site.getsitepackages([sys.prefix, sys.exec_prefix])]
    with tempfile.TemporaryDirectory() as folder:
        hidden = reads_hidden_path_files(folder)
        derived = derives_zip_folders(folder)
    user = user_site()
    sys.prefix = sys.exec_prefix = ROOT
    print(
        json.dumps(
            {
                "path": path,
                "builtin": sorted(sys.builtin_module_names),
                "frozen": frozen(),
                "suffixes": {
                    "extension": _imp.extension_suffixes(),
                    "source": _frozen_importlib_external.SOURCE_SUFFIXES,
                    "bytecode": _frozen_importlib_external.BYTECODE_SUFFIXES,
                },
                "sitePackages": {"host": on_host, "virtual": site_packages(ROOT)},
                "userSite": user,
                "readsHiddenPathFiles": hidden,
                "derivesZipFolders": derived,
            }
        )
    )


if __name__ == "__main__":
    main()
