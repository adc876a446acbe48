"""What the process that asks has, and its forked program would not: everything that a child inherits and a message can't carry."""

import os

# Lines of /proc/PID/status that must be equal. What the caller changes for itself alone, such as its memory, is not among them.
_STATUS = (
    b"Uid",
    b"Gid",
    b"Groups",
    b"CapInh",
    b"CapPrm",
    b"CapEff",
    b"CapBnd",
    b"CapAmb",
    b"NoNewPrivs",
    b"Seccomp",
    b"Cpus_allowed",
    b"Mems_allowed",
    b"THP_enabled",
)
_NAMESPACES = ("cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts")


class Caller:
    def __init__(self, pid):
        """What stays as it is while it asks. Raises OSError when it has ended."""
        self.pid = pid
        stat = _read(f"/proc/{pid}/stat").rsplit(b")", 1)[1].split()
        self.parent, self.group, self.session = int(stat[1]), int(stat[2]), int(stat[3])
        self.terminal = int(stat[4])
        # priority is left out: it shows what the kernel makes of the others.
        self._scheduling = (stat[16], stat[37], stat[38])
        self._places = [_read(f"/proc/{pid}/{name}") for name in ("cgroup", "oom_score_adj")]
        self._namespaces = [_link(f"/proc/{pid}/ns/{name}") for name in _NAMESPACES]

    def settle(self):
        """What it puts back to how it was started, before its request is complete."""
        status = _read(f"/proc/{self.pid}/status")
        self.status = dict(line.split(b":\t", 1) for line in status.splitlines() if b":\t" in line)
        self.limits = _read(f"/proc/{self.pid}/limits")

    def mask(self, name):
        """The signals of SigBlk or SigIgn, as numbers."""
        bits = int(self.status[name], 16)
        return {number for number in range(1, 65) if bits >> number - 1 & 1}

    @property
    def umask(self):
        return int(self.status[b"Umask"], 8)

    def difference(self, own):
        """What differs from `own`, as part of a sentence; None where a fork has all that this process has."""
        if self.status[b"TracerPid"] != b"0":
            return "it is being traced"
        for name in _STATUS:
            if self.status.get(name) != own.status.get(name):
                return f"{name.decode()} of the process differs"
        if self._scheduling != own._scheduling:
            return "its scheduling differs"
        if _but_files(self.limits) != _but_files(own.limits):
            return "its resource limits differ"
        if self._places != own._places:
            return "its control group differs"
        if self._namespaces != own._namespaces:
            return "its namespaces differ"
        return None

    def open_files(self):
        """Soft and hard limit of open files. The caller's runtime raises the soft one for itself; its parent shows the former."""
        soft, hard = _open_files(self.limits)
        if soft == hard:
            try:
                parent_soft, parent_hard = _open_files(_read(f"/proc/{self.parent}/limits"))
            except OSError:
                return soft, hard
            if parent_hard == hard:
                return parent_soft, hard
        return soft, hard


def _but_files(limits):
    return [line for line in limits.splitlines() if not line.startswith(b"Max open files")]


def _open_files(limits):
    line = next(line for line in limits.splitlines() if line.startswith(b"Max open files"))
    soft, hard = line.split()[3:5]
    return tuple(-1 if value == b"unlimited" else int(value) for value in (soft, hard))


def _read(path):
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        pieces = []
        while piece := os.read(fd, 65536):
            pieces.append(piece)
        return b"".join(pieces)
    finally:
        os.close(fd)


def _link(path):
    try:
        return os.readlink(path)
    except OSError:
        return None
