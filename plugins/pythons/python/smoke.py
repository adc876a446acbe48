"""Proves that an interpreter that was just unpacked starts, finds its own library, and is what it is said to be."""

import hashlib
import json
import os
import sys
import sysconfig
import zipfile
import zlib

PHASES = {"alpha": "a", "beta": "b", "candidate": "rc"}

info = sys.version_info
version = "%d.%d.%d" % info[:3]
if info.releaselevel in PHASES:
    version += "%s%d" % (PHASES[info.releaselevel], info.serial)

# Modules in C are files of their own in some builds: one that is missing or made for another machine fails here.
payload = zlib.decompress(zlib.compress(b"pybun"))
assert hashlib.sha256(payload).hexdigest() and zipfile.ZIP_DEFLATED

print(
    json.dumps(
        {
            "version": version,
            "implementation": sys.implementation.name,
            "isFreeThreaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
            "prefix": os.path.realpath(sys.base_prefix),
            "stdlib": os.path.realpath(os.path.dirname(os.__file__)),
        }
    )
)
