"""Programs that ask what would not be the same: a fork has another parent, and its group and session may be others, too.

Looked for in the text of the program, and of the modules beside it that it imports by name, before it is run.
"""

import os
import stat

_ASKED = (b"getppid", b"getpgrp", b"getpgid", b"setpgrp", b"getsid", b"kill(0", b"killpg(0", b"psutil", b"get_freeze_count")
_MOST_FILES = 64
_MOST_BYTES = 256 << 10


def asked_by(request):
    """A name by which the program asks what is another thing in a fork; None where none is seen."""
    if request.kind == "code":
        return _asked_in(os.fsencode(request.text), request.cwd)
    if request.kind == "module":
        return _asked_in(b"import " + os.fsencode(request.text), request.cwd)
    file = os.path.join(request.cwd, request.text)
    if os.path.isdir(file):
        file = os.path.join(file, "__main__.py")
    return _asked_in(_text(file), request.first_folder())


def _asked_in(text, folder):
    seen, waiting, left = set(), [text], _MOST_BYTES
    while waiting and left > 0:
        text = waiting.pop()
        left -= len(text)
        for name in _ASKED:
            if name in text:
                return name.decode()
        for name in _imported(text) - seen:
            if len(seen) < _MOST_FILES:
                seen.add(name)
                waiting += map(_text, _files(folder, name))
    return None


def _imported(text):
    """Top-level names; without `re`, which would be one of the modules to hide."""
    names = set()
    for line in text.split(b"\n"):
        if b"import" not in line:
            continue
        word, *rest = line.replace(b",", b" , ").split()
        listed = rest[:1] if word == b"from" else b" ".join(rest).split(b",") if word == b"import" else ()
        names.update(each.split()[0].partition(b".")[0].rstrip(b";") for each in listed if each.strip())
    return {name for name in map(os.fsdecode, names) if name.isidentifier()}


def _files(folder, name):
    """Of a module, or of all that stand directly in a package."""
    place = os.path.join(folder, name)
    try:
        return [entry.path for entry in os.scandir(place) if entry.name.endswith(".py")][:_MOST_FILES]
    except OSError:
        return [f"{place}.py"]


def _text(file):
    """Empty for what is no file: a pipe can be read once."""
    try:
        status = os.stat(file)
        if not stat.S_ISREG(status.st_mode):
            return b""
        fd = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    except (OSError, ValueError):
        return b""
    try:
        return os.read(fd, min(status.st_size, _MOST_BYTES))
    except OSError:
        return b""
    finally:
        os.close(fd)
