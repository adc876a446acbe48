"""Describes the Python that runs it: one line of JSON on standard output.

Standard library only. It parses on every Python 3, so that a version which is too old can still be named. `json`, `platform`
and `threading` are left alone where they can be: to import them takes as long as Python's start.
"""

import os
import sys


class Locks:
    """Of `threading`, all that `sysconfig` makes use of."""

    from _thread import RLock


sys.modules["threading"] = Locks
try:
    import sysconfig
except Exception:
    del sys.modules["threading"]
    import sysconfig
finally:
    sys.modules.pop("threading", None)


def full_version(info):
    text = ".".join(str(part) for part in info[:3])
    if info[3] != "final":
        text += {"alpha": "a", "beta": "b", "candidate": "rc"}[info[3]] + str(info[4])
    return text


class Uname:
    """What `platform` says where it says no more than the system and the first word of `sys.version` do."""

    def __init__(self):
        self._system, _, self._release, self._version, self._machine = os.uname()

    def machine(self):
        return self._machine

    def system(self):
        return self._system

    def release(self):
        return self._release

    def version(self):
        return self._version

    def python_implementation(self):
        return "CPython"

    def python_version(self):
        return sys.version.split()[0]


def is_plain():
    version = sys.version.split()[0]
    return (
        sys.implementation.name == "cpython"
        and sys.platform in ("linux", "darwin")
        and not hasattr(sys, "getandroidapilevel")
        and version.count(".") == 2
        and version.replace(".", "").replace("+", "").isalnum()
        and "unknown" not in os.uname()
    )


if is_plain():
    platform = Uname()
else:
    import platform


def markers():
    return {
        "implementation_name": sys.implementation.name,
        "implementation_version": full_version(sys.implementation.version),
        "os_name": os.name,
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "platform_release": platform.release(),
        "platform_system": platform.system(),
        "platform_version": platform.version(),
        "python_full_version": platform.python_version(),
        "python_version": ".".join(platform.python_version().split(".")[:2]),
        "sys_platform": sys.platform,
    }


def operating_system():
    if hasattr(sys, "getandroidapilevel"):
        return "android"
    names = {"darwin": "macos", "win32": "windows", "cygwin": "windows"}
    return names.get(sys.platform, sys.platform)


def is_64_bit():
    return sys.maxsize > 2**32


def machine():
    """The machine as wheels spell it; the kernel's name for it misleads a 32-bit Python."""
    if sys.platform == "win32":
        return {"win32": "x86", "win-amd64": "amd64", "win-arm64": "arm64"}.get(
            sysconfig.get_platform(), platform.machine().lower()
        )
    name = platform.machine()
    if sys.platform == "ios":
        return sysconfig.get_platform().split("-", 2)[2]
    if not is_64_bit():
        return {"x86_64": "i686", "aarch64": "armv8l", "ppc64": "ppc"}.get(name, name)
    return name


def elf_interpreter(path):
    """The loader an ELF executable names (PT_INTERP), or an empty text."""
    import struct

    with open(path, "rb") as file:
        head = file.read(64)
        if head[:4] != b"\x7fELF":
            return ""
        order = "<" if head[5] == 1 else ">"
        wide = head[4] == 2
        offset, size, count = (
            struct.unpack(order + "Q", head[32:40]) + struct.unpack(order + "HH", head[54:58])
            if wide
            else struct.unpack(order + "I", head[28:32]) + struct.unpack(order + "HH", head[42:46])
        )
        for index in range(count):
            file.seek(offset + index * size)
            row = file.read(size)
            if struct.unpack(order + "I", row[:4])[0] != 3:
                continue
            start, length = (
                (struct.unpack(order + "Q", row[8:16])[0], struct.unpack(order + "Q", row[32:40])[0])
                if wide
                else struct.unpack(order + "I", row[4:8]) + struct.unpack(order + "I", row[16:20])
            )
            file.seek(start)
            return file.read(length).rstrip(b"\0").decode("utf-8", "replace")
    return ""


def two_numbers(text):
    numbers = []
    for part in text.split(".")[:2]:
        digits = "".join(char for char in part if char.isdigit())
        numbers.append(int(digits) if digits else 0)
    return (numbers + [0, 0])[:2]


def libc():
    try:
        name, version = os.confstr("CS_GNU_LIBC_VERSION").split()
        if name == "glibc":
            return {"kind": "glibc", "version": two_numbers(version)}
    except (AttributeError, OSError, ValueError):
        pass
    try:
        loader = elf_interpreter(os.path.realpath(sys.executable))
    except (OSError, ValueError):
        return None
    if "musl" not in loader:
        return None
    # musl tells its version only through its loader, on standard error and with a failing exit status.
    import subprocess

    said = subprocess.Popen([loader], stdout=subprocess.PIPE, stderr=subprocess.PIPE).communicate()[1]
    for line in said.decode("utf-8", "replace").splitlines():
        if line.startswith("Version "):
            return {"kind": "musl", "version": two_numbers(line[len("Version ") :])}
    return None


def os_version():
    if operating_system() == "android":
        return [sys.getandroidapilevel(), 0]
    if sys.platform == "ios":
        return two_numbers(platform.ios_ver().release)
    if sys.platform != "darwin":
        return None
    from platform import mac_ver

    version = mac_ver()[0]
    if version.startswith("10.16"):
        # Built against an old SDK, Python is told a compatible version instead of the real one.
        import subprocess

        code = "import platform; print(platform.mac_ver()[0])"
        env = dict(os.environ, SYSTEM_VERSION_COMPAT="0")
        version = subprocess.check_output([sys.executable, "-I", "-S", "-c", code], env=env).decode().strip()
    return two_numbers(version)


def pypy_abi():
    """`pypy310_pp73` from a suffix such as `.pypy310-pp73-x86_64-linux-gnu.so`."""
    suffix = sysconfig.get_config_var("EXT_SUFFIX") or ""
    parts = suffix.split(".")
    tag = parts[1] if len(parts) > 2 else ""
    return "_".join(tag.split("-")[:2]) if tag.startswith("pypy") else None


def tags():
    found = {
        "implementation": sys.implementation.name,
        "python": list(sys.version_info[:2]),
        "isFreeThreaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
        "os": operating_system(),
        "arch": machine(),
    }
    optional = {
        "libc": libc() if sys.platform == "linux" else None,
        "osVersion": os_version(),
        "abi": pypy_abi() if sys.implementation.name == "pypy" else None,
    }
    found.update((name, value) for name, value in optional.items() if value is not None)
    return found


def scheme():
    """Where a virtual environment of this Python keeps its parts, relative to its root."""
    names = sysconfig.get_scheme_names()
    name = "venv" if "venv" in names else "nt" if os.name == "nt" else "posix_prefix"
    root = os.path.abspath(os.sep + "root")
    bases = ("base", "platbase", "installed_base", "installed_platbase")
    paths = sysconfig.get_paths(name, {base: root for base in bases})
    found = {key: os.path.relpath(paths[key], root).replace(os.sep, "/") for key in ("purelib", "platlib", "scripts")}
    # Not one of sysconfig's: the place pip chose for headers in virtual environments, on every system.
    found["headers"] = "include/site/python%d.%d" % sys.version_info[:2]
    return found


def quoted(text):
    escaped = []
    for char in text:
        number = ord(char)
        if 32 <= number < 127 and char not in '"\\':
            escaped.append(char)
        elif number < 0x10000:
            escaped.append("\\u%04x" % number)
        else:
            escaped.append("\\u%04x\\u%04x" % (0xD7C0 + (number >> 10), 0xDC00 + (number & 0x3FF)))
    return '"' + "".join(escaped) + '"'


def to_json(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(quoted(key) + ":" + to_json(value[key]) for key in value) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(to_json(each) for each in value) + "]"
    return quoted(value)


def main():
    stdlib = sysconfig.get_path("stdlib")
    print(
        to_json(
            {
                "executable": sys.executable,
                "baseExecutable": getattr(sys, "_base_executable", None) or sys.executable,
                "version": full_version(sys.version_info),
                "implementation": sys.implementation.name,
                "markers": markers(),
                "tags": tags(),
                "scheme": scheme(),
                "prefix": sys.prefix,
                "basePrefix": getattr(sys, "base_prefix", sys.prefix),
                "stdlib": stdlib,
                "cacheTag": sys.implementation.cache_tag or "",
                "isExternallyManaged": os.path.isfile(os.path.join(stdlib, "EXTERNALLY-MANAGED")),
                "pointerBits": 64 if is_64_bit() else 32,
            }
        )
    )


if __name__ == "__main__":
    if sys.version_info < (3, 9):
        print(to_json({"version": full_version(sys.version_info), "implementation": sys.implementation.name}))
    else:
        main()
