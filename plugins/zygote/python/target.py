"""Tells the interpreter, before its own main function goes on, which program it runs.

CPython's main function reads what to run from its PyConfig (PEP 587) after `site` was imported. This code runs while it is being
imported, finds the three fields in memory and writes others. What follows is the interpreter's own: `__main__`, sys.path[0],
tracebacks, exit status and the order of finalisation are not imitated.
"""

import ctypes
import os
import sys

_WORD = 8
# PyConfig has about 60 words, and none of the fields looked for stands behind them.
_SEARCHED_WORDS = 160
_LONGEST_TEXT = 4096
# PyInterpreterState has about 12,000 words in 3.12 and 30,000 in 3.13; a table of strings has thousands from the start.
_STATE_WORDS = 64 << 10
_FEWEST_STRINGS = 1000


class Unsupported(Exception):
    """This interpreter can't be told."""


class Target:
    """Where PyConfig keeps what is to be run. Found by the name of the script that this process was started with."""

    def __init__(self):
        api = ctypes.pythonapi
        try:
            get_config = api._Py_GetConfig
            self._malloc = api.PyMem_RawMalloc
        except AttributeError:
            raise Unsupported("the interpreter does not export its configuration") from None
        get_config.restype = ctypes.c_void_p
        self._malloc.restype = ctypes.c_void_p
        self._malloc.argtypes = [ctypes.c_size_t]
        base = get_config()
        script = sys.argv[0]
        with open("/proc/self/mem", "rb", 0) as memory:
            words = _words(memory, base, _SEARCHED_WORDS)
            files = [at for at, word in enumerate(words) if _text(memory, word) == script]
            lists = [
                at
                for at, word in enumerate(words)
                if at > 0
                and words[at - 1] == len(sys.argv)
                and _text(memory, next(iter(_words(memory, word, 1)), 0)) == script
            ]
        if len(files) != 1 or len(lists) != 1 or files[0] < 2:
            raise Unsupported("the interpreter's configuration looks unfamiliar")
        (file,), (arguments,) = files, lists
        # run_command, run_module, run_filename stand side by side; the first two are unset where a script is run.
        if words[file - 1] or words[file - 2]:
            raise Unsupported("the interpreter's configuration looks unfamiliar")
        self._file = base + _WORD * file
        self._module = self._file - _WORD
        self._command = self._module - _WORD
        self._first_argument = words[arguments]

    def aim(self, kind, text, arguments):
        """`kind` is script, command, module or code. `arguments` are those of sys.argv as the main function finds it."""
        sys.argv[:] = arguments
        self._put(self._first_argument, arguments[0])
        if kind in ("script", "command"):
            self._put(self._file, _absolute(text))
            return
        ctypes.c_void_p.from_address(self._file).value = None
        if kind == "module":
            self._put(self._module, text)
        else:
            self._put(self._command, text + "\n")

    def _put(self, address, text):
        raw = text.encode("utf-32-le", "surrogatepass") + b"\0\0\0\0"
        place = self._malloc(len(raw))
        ctypes.memmove(place, raw, len(raw))
        ctypes.c_void_p.from_address(address).value = place


def _absolute(path):
    """As the interpreter makes it, which does not normalise."""
    return path if path.startswith("/") else f"{os.getcwd()}/{path}"


def _words(memory, address, count):
    raw = _read(memory, address, _WORD * count)
    return memoryview(raw[: len(raw) // _WORD * _WORD]).cast("Q").tolist()


def _text(memory, address):
    """The wchar_t string there; None for what is none."""
    raw = _read(memory, address, 4 * _LONGEST_TEXT)
    for at in range(0, len(raw) - 3, 4):
        if raw[at : at + 4] == b"\0\0\0\0":
            try:
                return raw[:at].decode("utf-32-le", "surrogatepass")
            except UnicodeDecodeError:
                return None
    return None


def _read(memory, address, size):
    if not 0x1000 < address < 1 << 47:
        return b""
    # What is asked for may reach beyond what is mapped: then a page of it will do.
    for length in (size, 0x1000 - address % 0x1000):
        try:
            return os.pread(memory.fileno(), length, address)
        except (OSError, OverflowError):
            continue
    return b""


class Interned:
    """The interpreter's table of interned strings. From 3.12 on its finalisation writes to each of them, one by one."""

    def __init__(self):
        self._place = None
        if sys.version_info < (3, 12):
            return
        state = ctypes.pythonapi.PyInterpreterState_Get
        state.restype = ctypes.c_void_p
        base = state()
        probe = sys.intern("_pybun_interned_probe")
        found = []
        with open("/proc/self/mem", "rb", 0) as memory:
            for at, word in enumerate(_words(memory, base, _STATE_WORDS)):
                head = _words(memory, word, 3) if word % 8 == 0 else ()
                if len(head) == 3 and head[1] == id(dict) and head[2] > _FEWEST_STRINGS:
                    table = ctypes.cast(word, ctypes.py_object).value
                    if table.get(probe) is probe and table is not globals():
                        found.append(base + _WORD * at)
        if len(found) == 1:
            self._place = found[0]

    def leave(self, _from_address=ctypes.c_void_p.from_address):
        """For the very end of a process: an empty table takes its place."""
        if self._place is not None:
            table = {}
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(table))
            _from_address(self._place).value = id(table)


class CommandLine:
    """What other processes see as this one's command line. It can be overwritten as far as it reaches."""

    def __init__(self):
        with open("/proc/self/stat", "rb") as file:
            fields = file.read().rsplit(b")", 1)[1].split()
        self._start, end = int(fields[45]), int(fields[46])
        self._size = end - self._start

    def show(self, arguments):
        raw = b"\0".join(map(os.fsencode, arguments))
        if self._start and len(raw) < self._size:
            ctypes.memmove(self._start, raw.ljust(self._size, b"\0"), self._size)


def name_process(name):
    """As the system calls what it starts: by its file, and for a script not by the interpreter's."""
    with open("/proc/self/comm", "wb", 0) as file:
        file.write(os.fsencode(name)[:15])


def prctl(option, value):
    """prctl(2), for options with one argument."""
    ctypes.CDLL(None).prctl(ctypes.c_int(option), ctypes.c_ulong(value), 0, 0, 0)
