# Processes the .pth files of this Python as site.py does, and prints what each of them took, in milliseconds.
import io
import os
import site
import sys
import time

known = site.removeduppaths()
out, sys.stdout = sys.stdout, io.StringIO()
# Without -S, site.py would have found the environment by itself.
folders = site.venv(known) if hasattr(site, "venv") else known
for folder in [*site.getsitepackages(), *([site.getusersitepackages()] if site.ENABLE_USER_SITE else [])]:
    if not os.path.isdir(folder):
        continue
    sys.path.append(folder)
    for name in sorted(os.listdir(folder)):
        if name.endswith(".pth"):
            begun = time.perf_counter()
            site.addpackage(folder, name, known)
            print(f"{name}\t{(time.perf_counter() - begun) * 1000:.1f}", file=out)
