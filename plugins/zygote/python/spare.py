"""A fork that waits for a request, and becomes the program."""

import os
import sys

import _pybun_zygote_caller as caller
import _pybun_zygote_target as target
import _signal
import _socket
import _struct
import fcntl
import resource
from _pybun_zygote_child import kill
from _pybun_zygote_look import asked_by

_LARGEST_REQUEST = 4 << 20
_PR_SET_PDEATHSIG = 1
_MOST_STRANGERS = 3


class Spare:
    def __init__(self, server, parent):
        self.server = server
        self.stranger = None
        self.strangers = 0
        _signal.set_wakeup_fd(-1)
        for number in (_signal.SIGCHLD, _signal.SIGTERM):
            _signal.signal(number, _signal.SIG_DFL)
        target.prctl(_PR_SET_PDEATHSIG, _signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)
        server.preloaded.hide()
        if not server.is_asked():
            server.memory.copy()

    def become_program(self):
        server = self.server
        while True:
            try:
                fd, _ = server.listener._accept()
            except OSError:
                os._exit(0)  # the server takes no more requests
            connection = _socket.socket(fileno=fd)
            # While the request is still on its way.
            stranger = self._look_at(connection)
            file = self._changed_file()
            request, fds = _receive(connection)
            reason = "the request is unreadable" if request is None else stranger or self._reason_against(request)
            if reason is not None:
                _decline(connection, reason, fds)
                continue
            if file is not None:
                _decline(connection, f"{file} has changed", fds)
                kill(os.getppid(), _signal.SIGTERM)
                continue
            if self._begin(connection, request, fds):
                return

    def _look_at(self, connection):
        """At who asks; returns what is against it."""
        pid, uid, _ = _struct.unpack("3i", connection.getsockopt(_socket.SOL_SOCKET, _socket.SO_PEERCRED, 12))
        if uid != os.getuid():
            return "it belongs to somebody else"
        try:
            self.caller = caller.Caller(pid)
        except OSError:
            return "its process can't be looked at"
        return None

    def _reason_against(self, request):
        server = self.server
        try:
            self.caller.settle()
            # As a process of another namespace sees itself.
            if request.pid != self.caller.pid:
                return "its namespaces differ"
            reason = self.caller.difference(server.own)
        except OSError:
            return "its process can't be looked at"
        if reason is not None:
            return self._stranger(reason, None)
        if server.has_terminal and self.caller.session != os.getsid(0):
            return "it belongs to another terminal"
        if server.has_terminal and self.caller.session == request.pid:
            return "it leads the session of its terminal"
        folder = request.first_folder()
        name = server.preloaded.name_taken_in(folder)
        if name is not None:
            return f"{name} in {folder} stands before a library of that name"
        variable = server.preloaded.differing_variable(server.own_environ, request.environ)
        if variable is not None:
            return self._stranger(f"a loaded library has read {variable}, which differs", request.environ)
        if request.kind == "command" and not os.access(request.text, os.X_OK):
            return "the command may not be executed"
        try:
            os.chdir(request.cwd)
        except OSError:
            return "its folder is gone"
        asked = asked_by(request)
        return None if asked is None else f"its code has {asked}, which says something else in a fork"

    def _stranger(self, reason, environ):
        """Where that is how programs are started by now, another server serves them."""
        is_known = self.stranger == (reason, environ)
        self.stranger = (reason, environ)
        self.strangers = self.strangers + 1 if is_known else 1
        if self.strangers == _MOST_STRANGERS:
            kill(os.getppid(), _signal.SIGTERM)
        return reason

    def _changed_file(self):
        server = self.server
        for folder, mtime in server.package_folders.items():
            if folder_time(folder) != mtime:
                return folder
        return server.preloaded.changed_file()

    def _begin(self, connection, request, fds):
        """False when the one who asked has gone meanwhile."""
        server = self.server
        server.own = None
        group = self.caller.group
        if server.has_terminal:
            os.setpgid(0, group)
        elif self.caller.session == request.pid:
            os.setsid()
        elif group == request.pid:
            os.setpgid(0, 0)
        try:
            connection.sendall(b"O" + _struct.pack("ii", os.getpid(), os.getpgid(os.getppid())))
            if connection.recv(1) != b"G":
                os._exit(0)
        except OSError:
            os._exit(0)
        learns = server.learned.wants(request.entry)
        told = _struct.pack("iii", os.getpid(), request.pid, learns) + request.entry.encode("utf-8", "surrogateescape")
        server.childs_end.sendmsg(
            [told], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, _struct.pack("i", connection.fileno()))]
        )
        report = (f"{server.path}.{os.getpid()}.modules", server.is_to_learn) if learns else None
        for socket in (connection, server.childs_end, server.control, server.listener):
            socket.close()
        target.prctl(_PR_SET_PDEATHSIG, 0)
        self._take_over(request, fds)
        server.ending.is_for(server.preloaded, server.interned, report)
        return True

    def _take_over(self, request, fds):
        server = self.server
        _put_descriptors(fds, [0, 1, 2, *request.descriptors])
        os.umask(self.caller.umask)
        resource.setrlimit(resource.RLIMIT_NOFILE, self.caller.open_files())
        os.environ.clear()
        os.environ.update(request.environ)
        os.environ.update(server.initial)
        for number in self.caller.mask(b"SigIgn") - {_signal.SIGPIPE, _signal.SIGXFSZ}:
            try:
                _signal.signal(number, _signal.SIG_IGN)
            except OSError:
                pass  # one of those that the system's library keeps to itself
        _signal.pthread_sigmask(_signal.SIG_SETMASK, self.caller.mask(b"SigBlk"))
        _open_streams()
        if request.kind == "command":
            target.name_process(os.path.basename(request.text))
        server.target.aim(request.kind, request.text, request.argv)
        if hasattr(sys, "orig_argv"):
            sys.orig_argv[:] = request.orig_argv
        server.command_line.show(request.orig_argv)


class _Request:
    """Fields are separated by NUL: process id, folder, kind, text, entry, counted lists: argv, orig_argv, environ, descriptors."""

    def __init__(self, raw):
        fields = iter(raw.split(b"\0"))
        take = lambda: os.fsdecode(next(fields))  # noqa: E731
        self.pid = int(take())
        self.cwd = take()
        self.kind = take()
        self.text = take()
        self.entry = take()
        self.argv = [take() for _ in range(int(take()))]
        self.orig_argv = [take() for _ in range(int(take()))]
        self.environ = dict(take().split("=", 1) for _ in range(int(take())))
        self.descriptors = [int(take()) for _ in range(int(take()))]

    def first_folder(self):
        """Where the program's imports are looked for first."""
        if self.kind not in ("script", "command"):
            return self.cwd
        script = os.path.realpath(os.path.join(self.cwd, self.text))
        return script if os.path.isdir(script) else os.path.dirname(script)


def _receive(connection):
    connection.settimeout(2)
    try:
        data, ancillary, _, _ = connection.recvmsg(65536, _socket.CMSG_SPACE(4 * 253), _socket.MSG_CMSG_CLOEXEC)
        fds = [fd for _, _, raw in ancillary for fd in _struct.unpack(f"{len(raw) // 4}i", raw)]
        if len(data) < 4:
            return None, fds
        (size,) = _struct.unpack("I", data[:4])
        while len(data) < 4 + size <= _LARGEST_REQUEST:
            piece = connection.recv(65536)
            if not piece:
                return None, fds
            data += piece
        request = _Request(data[4:])
        return (request if len(fds) == 3 + len(request.descriptors) else None), fds
    except (OSError, ValueError, StopIteration):
        return None, []


def _decline(connection, reason, fds):
    try:
        connection.sendall(b"N" + reason.encode("utf-8", "surrogateescape"))
    except OSError:
        pass
    connection.close()
    for fd in fds:
        os.close(fd)


def _open_streams():
    """
    Standard streams as the interpreter opens them at its start (`create_stdio` in Python/pylifecycle.c). The outermost objects
    stay the same ones, since a library may have kept them.
    """
    for fd, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        stream = getattr(sys, f"__{name}__")
        encoding, errors, is_unbuffered = stream.encoding, stream.errors, stream.write_through and mode == "w"
        buffer = open(fd, mode + "b", 0 if is_unbuffered else -1, closefd=False)
        raw = buffer if is_unbuffered else buffer.raw
        raw.name = f"<{name}>"
        lines = not is_unbuffered and (fd == 2 or raw.isatty())
        stream.__init__(buffer, encoding, errors, newline="\n", line_buffering=lines, write_through=is_unbuffered)
        stream.mode = mode


def _put_descriptors(fds, numbers):
    """Gives descriptors the numbers they had where they come from, and closes all others."""
    above = max([*fds, *numbers, *map(int, os.listdir("/proc/self/fd"))]) + 1
    moved = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, above) for fd in fds]
    os.closerange(3, above)
    for fd, number in zip(moved, numbers):
        os.dup2(fd, number)
    os.closerange(min(moved), max(moved) + 1)


def folder_time(folder):
    try:
        return os.stat(folder).st_mtime_ns
    except OSError:
        return None
