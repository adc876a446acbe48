"""Says what is installed in the environment it runs in, as installers and tools see it: JSON on one line.

    inspect_environment.py NAME
"""

import base64
import hashlib
import importlib.metadata
import json
import os
import sys
import sysconfig


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read())


def walk(root):
    """Every file below root, links to folders followed, with its hash, mode and first line where it is a script."""
    rows = {}
    for folder, _, names in os.walk(root, followlinks=True):
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                data = file.read()
            row = {"sha256": hashlib.sha256(data).hexdigest(), "mode": os.stat(path).st_mode & 0o7777}
            if data.startswith(b"#!"):
                first, _, rest = data.partition(b"\n")
                row["first"] = first.decode("utf-8", "replace")
                row["rest"] = hashlib.sha256(rest).hexdigest()
            rows[os.path.relpath(path, root).replace(os.sep, "/")] = row
    return rows


def record_faults(distribution):
    """What RECORD says of the installed files that is not so."""
    faults = []
    for file in distribution.files or []:
        path = file.locate()
        if not os.path.exists(path):
            faults.append("RECORD lists %s, which is not there" % file)
        elif file.hash is not None:
            found = base64.urlsafe_b64encode(digest(path).digest()).rstrip(b"=").decode()
            if file.hash.mode != "sha256" or file.hash.value != found:
                faults.append("RECORD has another hash for %s" % file)
    return faults


def describe(distribution):
    return {
        "version": distribution.version,
        "installer": (distribution.read_text("INSTALLER") or "").strip(),
        "recorded": [str(file) for file in distribution.files or []],
        "faults": record_faults(distribution),
        "scripts": [entry.name for entry in distribution.entry_points if entry.group == "console_scripts"],
    }


paths = sysconfig.get_paths()
json.dump(
    {
        "prefix": sys.prefix,
        "executable": sys.executable,
        "site": walk(paths["purelib"]),
        "scripts": walk(paths["scripts"]),
        "distributions": {
            distribution.metadata["Name"]: describe(distribution)
            for distribution in importlib.metadata.distributions(path=[paths["purelib"]])
        },
    },
    sys.stdout,
)
