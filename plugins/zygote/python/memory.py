"""Pages that a program is about to write to.

A fork shares its memory with the server until either writes to it; each first write to a page then interrupts it, to copy the page.
A fork that waits has the time to copy beforehand what every program writes to: what the interpreter had made when it started.
"""

import ctypes

_MADV_POPULATE_WRITE = 23
# An interpreter that has started has 4 to 6 MB.
_MOST_BYTES = 16 << 20


class Memory:
    def __init__(self):
        """To be made before libraries are loaded."""
        self._ranges = list(_writable())
        self._madvise = ctypes.CDLL(None).madvise
        self._madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)

    def copy(self):
        """In a fork. Nothing comes of it before Linux 5.14."""
        for start, size in self._ranges:
            self._madvise(start, size, _MADV_POPULATE_WRITE)


def _writable():
    left = _MOST_BYTES
    with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as file:
        for line in file:
            places, rights, *_ = line.split(None, 2)
            start, end = (int(place, 16) for place in places.split("-"))
            if rights == "rw-p" and end - start <= left:
                left -= end - start
                yield start, end - start
