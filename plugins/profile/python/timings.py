# Adds up what importing takes in this process, and writes it down at its end. The interpreter asks `_find_and_load` for each module
# that is not there yet; what runs meanwhile in other threads counts there, too.
import _frozen_importlib
import atexit
import os
import sys
import time


def start(variable):
    file = os.environ.pop(variable, None)
    if file is None:
        return
    plain = _frozen_importlib._find_and_load
    now = time.perf_counter
    began = {}
    spent = [0.0]
    thread = sys.modules["_thread"].get_ident

    def _find_and_load(name, import_):
        me = thread()
        if me in began:
            return plain(name, import_)
        began[me] = now()
        try:
            return plain(name, import_)
        finally:
            spent[0] += now() - began.pop(me)

    # Tracebacks leave out frames of this file's name.
    code = _find_and_load.__code__.replace(co_filename=plain.__code__.co_filename)
    _find_and_load.__code__ = code
    _frozen_importlib._find_and_load = _find_and_load
    process = os.getpid()

    def end():
        # A child that was forked has this function, too.
        if os.getpid() == process:
            with open(file, "w") as out:
                out.write(str(spent[0] * 1000))

    atexit.register(end)
