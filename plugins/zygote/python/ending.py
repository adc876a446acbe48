"""How a program ends that has not loaded its libraries itself.

At its end Python takes every module apart, object by object. For those that were loaded ahead, that would copy all the memory that is
still shared with the server, to free it a moment later. They are left as they are instead; what the program itself has made is
finalised as ever, also what only such a library still holds.
"""

import atexit
import ctypes
import gc
import os
import sys


class Ending:
    """Registered before any library registers anything, hence called last."""

    def __init__(self):
        self._pid = None
        atexit.register(self._at_exit)

    def is_for(self, preloaded, interned, report):
        """
        In the fork that becomes a program: `report`, if any, is a file, and a function that says whether a module's name goes there.
        """
        self._pid = os.getpid()
        self._preloaded = preloaded
        self._interned = interned
        self._report = report

    def _at_exit(self):
        # A fork of the program's own ends in its own way.
        if os.getpid() != self._pid:
            return
        if self._report is not None:
            self._tell()
        for name in self._preloaded.shown_names():
            sys.modules.pop(name, None)
        # Never released, and all modules with it.
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._preloaded))
        sys._pybun_last = _Last(self._interned.leave)

    def _tell(self):
        path, is_told = self._report
        names = [name for name, module in list(sys.modules.items()) if is_told(module)]
        try:
            with open(f"{path}.tmp", "w", encoding="utf-8") as file:
                file.write("\n".join(names))
            os.rename(f"{path}.tmp", path)
        except OSError:
            pass  # the server has gone, and its folder


class _Last:
    """Goes when Python clears sys, after all modules: what is still there and has a finaliser is held by a library."""

    def __init__(self, leave):
        self._leave = leave

    def __del__(self, get_objects=gc.get_objects, bases=type.__dict__["__mro__"].__get__, streams=(0, 1, 2)):
        for value in get_objects():
            finalise = next((base.__dict__["__del__"] for base in bases(type(value)) if "__del__" in base.__dict__), None)
            if finalise is None or type(value) is _Last:
                continue
            try:
                if value.fileno() in streams:
                    continue
            except Exception:  # noqa: BLE001
                pass
            try:
                finalise(value)
            except Exception:  # noqa: BLE001
                pass
        self._leave()
