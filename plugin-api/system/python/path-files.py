"""Says what each `.pth` file costs at the start of Python: started with -S, does what `site` does, and times it. One line of JSON."""

import json
import os
import site
import sys
import time

files = {}
plain = site.addpackage


def addpackage(sitedir, name, *others, **named):
    began = time.perf_counter()
    before = set(sys.modules)
    try:
        return plain(sitedir, name, *others, **named)
    finally:
        took = (time.perf_counter() - began) * 1000
        # In an environment `site` reads each of them twice.
        path = os.path.join(sitedir, name)
        entry = files.setdefault(path, {"file": path, "ms": 0, "modules": 0})
        entry["ms"] += took
        entry["modules"] += len(set(sys.modules) - before)


site.addpackage = addpackage
out = os.dup(1)
os.dup2(2, 1)
began = time.perf_counter()
site.main()
whole = (time.perf_counter() - began) * 1000
with open(out, "w") as file:
    file.write(json.dumps({"site_ms": whole, "files": list(files.values())}) + "\n")
