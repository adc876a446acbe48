"""Calls one hook of a build backend (PEP 517) and writes what it answered to a file.

A backend without that hook has run nothing yet: another one may be called then, in the same process.

Usage: python backend.py REQUEST.json. Standard library only, Python 3.9 and newer. What the backend prints goes where
it goes; the answer is in a file, so that no output can be taken for it. Without an answer the hook failed.
"""

import importlib
import json
import os
import signal
import sys

PARENT = 3


def watch_parent():
    """Starts a process that ends this one's group when the other end of the inherited pipe is closed: the command is gone."""
    watcher = os.fork()
    if watcher == 0:
        while os.read(PARENT, 1):
            pass
        os.killpg(0, signal.SIGKILL)
    os.close(PARENT)
    return watcher


def load(backend, backend_path):
    """The object named `module:attribute`, which must come from the backend path when there is one."""
    module_name, _, attributes = backend.partition(":")
    module = importlib.import_module(module_name)
    if backend_path:
        origin = os.path.realpath(getattr(module, "__file__", None) or next(iter(module.__path__)))
        if not any(origin.startswith(os.path.join(os.path.realpath(folder), "")) for folder in backend_path):
            raise ImportError("%s was found at %s, which is not in its backend-path" % (module_name, origin))
    found = module
    for name in filter(None, attributes.split(".")):
        found = getattr(found, name)
    return found


def call(backend, request, settings):
    hook = getattr(backend, request["hook"], None)
    if hook is None:
        return {"isPresent": False}
    return {"isPresent": True, "value": hook(*request["args"], config_settings=settings)}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    # Python put this file's folder first; the backend must see its own path there, or nothing of ours.
    sys.path[:1] = request["backendPath"]
    sys.argv = [sys.argv[0]]
    backend = load(request["backend"], request["backendPath"])
    answer = call(backend, request, request["configSettings"])
    following = request.get("otherwise")
    if following and not answer["isPresent"]:
        print("# %s %s" % (request["backend"], following["hook"]), flush=True)
        answer["otherwise"] = call(backend, following, request["configSettings"])
    sys.stdout.flush()
    with open(request["answer"] + ".part", "w", encoding="utf-8") as file:
        json.dump(answer, file)
    os.replace(request["answer"] + ".part", request["answer"])


if __name__ == "__main__":
    watcher = watch_parent() if os.name == "posix" else None
    try:
        main()
    finally:
        if watcher is not None:
            os.kill(watcher, signal.SIGKILL)
            os.waitpid(watcher, 0)
