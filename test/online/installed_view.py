"""What an environment holds, as its own interpreter sees it: JSON on standard output."""

import hashlib
import importlib
import importlib.metadata
import json
import os
import sys
import sysconfig

OWN = {"INSTALLER", "REQUESTED", "RECORD", "direct_url.json", "uv_cache.json"}
site = sysconfig.get_path("purelib")
scripts = sysconfig.get_path("scripts")


commands = {point.name for point in importlib.metadata.entry_points(group="console_scripts")}
# What pip adds for itself, as if it were declared.
commands |= {"pip%d.%d" % sys.version_info[:2]}


def digest(path):
    with open(path, "rb") as file:
        data = file.read()
    if os.path.dirname(path) == scripts:
        # Every installer words commands in its own way, and has its own name for the interpreter in first lines.
        data = b"" if os.path.basename(path) in commands else data.partition(b"\n")[2]
    return hashlib.sha256(data.replace(sys.prefix.encode(), b"PREFIX")).hexdigest()


def contents():
    """Path below the environment -> content and whether it may be executed; links are followed."""
    found = {}
    for top in ("lib", "bin", "share", "etc", "include"):
        for folder, folders, files in os.walk(os.path.join(sys.prefix, top), followlinks=True):
            folders[:] = [name for name in folders if name != "__pycache__"]
            if os.path.islink(folder) and top == "include":
                continue
            for name in files:
                path = os.path.join(folder, name)
                relative = os.path.relpath(path, sys.prefix)
                if name == ".pybun" or (".dist-info" in relative and name in OWN):
                    continue
                found[relative] = [digest(path), os.access(path, os.X_OK)]
    return found


def recorded(distribution):
    """Paths of RECORD with what it says of them, but for what each installer writes itself, and links."""
    rows = {}
    for file in distribution.files or []:
        path = os.path.normpath(os.path.join(site, str(file)))
        if os.path.basename(path) in OWN or "__pycache__" in str(file) or os.path.isdir(path):
            continue
        if os.path.dirname(path) == scripts:
            # Its first line, and so its hash, depends on where the environment is.
            rows[str(file)] = True
            continue
        rows[str(file)] = [file.hash.value if file.hash else None, file.size]
    return rows


def view(distribution):
    metadata = distribution.metadata
    return {
        "version": distribution.version,
        "requires": sorted(distribution.requires or []),
        "entry points": sorted(f"{point.group}: {point.name} = {point.value}" for point in distribution.entry_points),
        "summary": metadata["Summary"],
        "files": recorded(distribution),
        "top level": sorted({str(file).split("/")[0] for file in distribution.files or [] if "/" in str(file)}),
    }


def modules(distribution):
    """Names that the distribution brings to the top level."""
    names = set()
    for file in distribution.files or []:
        first = str(file).split("/")[0]
        if first.endswith((".dist-info", ".data", ".libs", ".pth")) or first in ("..", "__pycache__"):
            continue
        if "/" in str(file):
            if first.isidentifier() and os.path.exists(os.path.join(site, first, "__init__.py")):
                names.add(first)
        elif first.endswith(".py"):
            names.add(first[:-3])
    return sorted(names)


def importing(name):
    try:
        importlib.import_module(name)
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return "imported"


distributions = {each.metadata["Name"].lower().replace("_", "-"): each for each in importlib.metadata.distributions()}
before = contents()
json.dump(
    {
        "distributions": {name: view(each) for name, each in sorted(distributions.items())},
        "contents": before,
        "imports": {name: {each: importing(each) for each in modules(found)} for name, found in sorted(distributions.items())},
    },
    sys.stdout,
)
