"""Compiles the modules of store entries for the interpreter that runs this.

    compile.py MARKER PRIORITY ENTRY...

Every .py file of an entry's tree gets an unchecked .pyc (PEP 552) in its folder's __pycache__, written under another name
and renamed. An entry that has the file MARKER is done already; it gets one when its last file is. Python imports a .pyc
under whatever path it finds it and puts the right file name into tracebacks itself, so environments can share them.
MARKER lists the files with their SHA-256, for those who verify the store. Folders of the tree are read-only; only those for
bytecode are opened, while something is written there.
PRIORITY is the nice value to add. Prints `{"compiled": N, "failed": N}`: failed are files that are not valid Python for
this interpreter, such as templates and modules for other versions. Standard library only, CPython 3.9 and later.
"""

import contextlib
import csv
import gc
import glob
import hashlib
import importlib.util
import json
import os
import py_compile
import re
import stat
import sys

try:
    import fcntl
except ImportError:
    fcntl = None

# What nobody imports from an installed package: it is a third of the files of the scientific packages, and Python
# compiles by itself what somebody imports after all.
SKIPPED = ("__pycache__", "tests")


def recorded_bytecode(entry):
    """Bytecode that the wheel brought itself: its RECORD has a hash of it, so it stays as it is."""
    names = set()
    for record in glob.glob(os.path.join(glob.escape(entry), "tree", "*.dist-info", "RECORD")):
        with open(record, encoding="utf-8", newline="") as lines:
            names.update(row[0] for row in csv.reader(lines) if row and row[0].endswith(".pyc"))
    # Files of these two folders lie in the tree beside the others.
    return {re.sub(r"^[^/]*\.data/(?:purelib|platlib)/", "", name) for name in names}


def module_folders(tree):
    """Folders with the .py files in them that can be imported: `.data` folders go elsewhere."""
    for folder, folders, files in os.walk(tree):
        is_top = folder == tree
        folders[:] = [name for name in folders if name not in SKIPPED and not (is_top and name.endswith(".data"))]
        modules = [os.path.join(folder, name) for name in files if name.endswith(".py")]
        if modules:
            yield modules


def open_folder(folder):
    """Makes a folder writable; its mode before that."""
    mode = stat.S_IMODE(os.stat(folder).st_mode)
    os.chmod(folder, mode | stat.S_IWUSR)
    return mode & ~0o222


def compile_module(path, target, name):
    """Under its name in the tree, which says nothing of this machine; Python puts the real one in its place when it imports.
    True when compiled, False when the source is not valid here. Errors of the file system go through."""
    try:
        py_compile.compile(
            path,
            cfile=target,
            dfile=name,
            doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
    except FileExistsError:
        # A process that was killed left its unfinished file, and this one chose the same name.
        return False
    except OSError:
        raise
    except Exception:
        # py_compile wraps what compiling raises, but not all of it: RecursionError, ValueError, UnicodeDecodeError.
        return False
    return True


def compile_entry(entry):
    """Digests and names of the files compiled, and the number of those that failed."""
    tree = os.path.join(entry, "tree")
    recorded = recorded_bytecode(entry)
    lines = []
    failed = 0
    for modules in module_folders(tree):
        targets = [(path, importlib.util.cache_from_source(path)) for path in modules]
        targets = [pair for pair in targets if relative(pair[1], tree) not in recorded]
        if not targets:
            continue
        folder = os.path.dirname(targets[0][1])
        mode = open_folder(folder)
        try:
            for path, target in targets:
                if compile_module(path, target, relative(path, tree)):
                    lines.append(digest(target) + " " + relative(target, tree))
                else:
                    failed += 1
        finally:
            os.chmod(folder, mode)
    return lines, failed


@contextlib.contextmanager
def alone(entry):
    """Holds the entry's lock, which the system takes back from a process that ends. Bytecode of one module differs from time
    to time, so two who compile it would not agree on its digest."""
    with open(os.path.join(entry, "record.dpp"), "rb") as file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX)
            except OSError:
                pass
        yield


def relative(path, tree):
    return os.path.relpath(path, tree).replace(os.sep, "/")


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def mark(done, lines):
    """The marker is there with all its lines or not at all."""
    unfinished = done + "." + str(os.getpid())
    with open(unfinished, "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in lines)
    os.replace(unfinished, done)


def main(marker, priority, *entries):
    """Compiles all entries that lack the marker."""
    # Code objects have no cycles, and a collection for every few modules costs a fifth of the time.
    gc.disable()
    sys.setrecursionlimit(10_000)
    if hasattr(os, "nice") and int(priority):
        os.nice(int(priority))
    total_compiled = total_failed = 0
    for entry in entries:
        done = os.path.join(entry, marker)
        try:
            with alone(entry):
                if os.path.exists(done):
                    continue
                lines, failed = compile_entry(entry)
                mark(done, lines)
        except (FileNotFoundError, PermissionError):
            # Done by another process, removed meanwhile, or in a store this user may only read.
            continue
        total_compiled += len(lines)
        total_failed += failed
    print(json.dumps({"compiled": total_compiled, "failed": total_failed}))


if __name__ == "__main__":
    main(*sys.argv[1:])
