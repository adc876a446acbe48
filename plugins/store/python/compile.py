"""Compiles the modules of store entries for the interpreter that runs this.

    compile.py MARKER PRIORITY ENTRY...

Every .py file of an entry's tree gets an unchecked .pyc (PEP 552) in its folder's __pycache__, written under another name
and renamed. An entry that has the file MARKER is done already; it gets one when its last file is. Python imports a .pyc
under whatever path it finds it and puts the right file name into tracebacks itself, so environments can share them.
PRIORITY is the nice value to add. Prints `{"compiled": N, "failed": N}`: failed are files that are not valid Python for
this interpreter, such as templates and modules for other versions. Standard library only, CPython 3.9 and later.
"""

import csv
import gc
import importlib.util
import json
import os
import py_compile
import sys

# What nobody imports from an installed package: it is a third of the files of the scientific packages, and Python
# compiles by itself what somebody imports after all.
SKIPPED = ("__pycache__", "tests")


def recorded_bytecode(entry):
    """Bytecode that the wheel brought itself: its RECORD has a hash of it, so it stays as it is."""
    with open(os.path.join(entry, "record"), encoding="utf-8", newline="") as lines:
        return {row[0] for row in csv.reader(lines) if row and row[0].endswith(".pyc")}


def modules(tree):
    """Every .py file below a tree that can be imported: `.data` folders go elsewhere."""
    for folder, folders, files in os.walk(tree):
        is_top = folder == tree
        folders[:] = [name for name in folders if name not in SKIPPED and not (is_top and name.endswith(".data"))]
        yield from (os.path.join(folder, name) for name in files if name.endswith(".py"))


def compile_module(path, target):
    """True when compiled, False when the source is not valid here. Errors of the file system go through."""
    try:
        py_compile.compile(
            path,
            cfile=target,
            doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
    except FileExistsError:
        # Another process writes the same file at this moment.
        return True
    except OSError:
        raise
    except Exception:
        # py_compile wraps what compiling raises, but not all of it: RecursionError, ValueError, UnicodeDecodeError.
        return False
    return True


def compile_entry(entry):
    """Numbers of files compiled and failed."""
    tree = os.path.join(entry, "tree")
    recorded = recorded_bytecode(entry)
    compiled = failed = 0
    for path in modules(tree):
        target = importlib.util.cache_from_source(path)
        if os.path.relpath(target, tree).replace(os.sep, "/") in recorded:
            continue
        if compile_module(path, target):
            compiled += 1
        else:
            failed += 1
    return compiled, failed


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
        if os.path.exists(done):
            continue
        try:
            compiled, failed = compile_entry(entry)
            with open(done, "x", encoding="ascii"):
                pass
        except (FileExistsError, FileNotFoundError, PermissionError):
            # Done by another process, removed meanwhile, or in a store this user may only read.
            continue
        total_compiled += compiled
        total_failed += failed
    print(json.dumps({"compiled": total_compiled, "failed": total_failed}))


if __name__ == "__main__":
    main(*sys.argv[1:])
