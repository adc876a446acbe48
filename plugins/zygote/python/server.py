"""A Python that has started, with libraries loaded, and becomes a program each time it is asked to.

It waits while `site` imports sitecustomize; a fork goes on from there, as the interpreter's main function has it. One fork is always
ready ahead. It takes the request itself, looks at who asks, and declines what it could not do as a new process would.

A connection carries: the request with the descriptors of who asks; back `O` with the process id, or `N` with a reason; then `G` from the one who
asked, without which nothing is run. The server goes on from there: `S` when the program is stopped, `X` with its wait status at the end.
"""

import sys

# As Python itself starts; what this file imports is not among it.
_IMPORTERS = set(sys.path_importer_cache)
_BASE = {name for name in sys.modules if not name.startswith("_pybun_") and name != "sitecustomize"}

import gc
import os
import time

import _pybun_zygote_caller as caller
import _pybun_zygote_target as target
import _signal
import _socket
import _struct
import select
from _pybun_zygote_ending import Ending
from _pybun_zygote_learned import Learned
from _pybun_zygote_modules import Preloaded
from _pybun_zygote_spare import Spare, folder_time, kill

# Code that runs at each start of Python and asks for no variable.
_SILENT_PTH = frozenset(("_pybun_over.pth", "_virtualenv.pth"))
# How often a server that nobody asks looks whether it is still wanted.
_LOOK_SECONDS = 30
# A server that has grown to this loads nothing more.
_MOST_BYTES = 512 << 20


def start(config):
    """Returns in a fork that is to go on as a program; the server itself never does."""
    options = dict(zip(("socket", "profile", "mode", "idle"), sys.argv[1:5]))
    _Server(options).serve()


class _Server:
    def __init__(self, options):
        self.path = options["socket"]
        self.idle_seconds = float(options["idle"])
        self.own_environ = dict(os.environ)
        self.initial = _initial_environ()
        self.target = target.Target()
        self.command_line = target.CommandLine()
        packages = tuple(folder + os.sep for folder in sys.path if folder.endswith(("site-packages", "dist-packages")))
        standard = tuple(folder + os.sep for folder in sys.path if folder and folder + os.sep not in packages)
        self.package_folders = {folder: folder_time(folder) for folder in sys.path}
        self.interned = target.Interned()
        self.ending = Ending()
        self.preloaded = Preloaded((_BASE, _IMPORTERS), packages + _real(packages), standard + _real(standard))
        for variable in _read_at_start(packages):
            self.preloaded.needs_variable(variable)
        self.learned = Learned(options["profile"])
        self.has_terminal = options["mode"] == "terminal"
        self.children = {}
        self.spare = None
        self.is_ending = False
        self.last = time.monotonic()
        self.started = time.time()
        self.served = 0

    def serve(self):
        _forget_ignored_signals()
        os.chdir("/")
        os.umask(0o077)
        if self.has_terminal:
            os.setpgid(0, 0)
        elif os.getsid(0) != os.getpid():
            os.setsid()
        leader = _watch_process(os.getsid(0)) if self.has_terminal else None
        if not self._preload(self.learned.modules):
            self._start_anew()
        self.listener = self._listen()
        self.control, self.childs_end = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
        self.own = caller.Caller(os.getpid())
        self._note_state()
        wake, woken = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        _signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        _signal.signal(_signal.SIGCHLD, lambda *_: None)
        _signal.signal(_signal.SIGTERM, lambda *_: self._end())
        poll = select.poll()
        poll.register(wake, select.POLLIN)
        poll.register(self.control, select.POLLIN)
        if leader is not None:
            poll.register(leader, select.POLLIN)
        while True:
            if self.spare is None and not self.is_ending and self._fork():
                return
            for fd, _ in poll.poll(min(_LOOK_SECONDS, self.idle_seconds) * 1000):
                if fd == wake:
                    _drain(wake)
                elif fd == self.control.fileno():
                    self._taken(poll)
                elif fd == leader:
                    self._end()
                else:
                    self._hung_up(fd, poll)
            self._reap(poll)
            self._look()

    def _preload(self, names):
        """False when no program may be started from this process any more: the next server will know."""
        threads = _threads()
        for name in names:
            if name in self.preloaded:
                continue
            if _resident_bytes() > _MOST_BYTES:
                break
            isolated, reason = self.preloaded.load(name)
            if reason is None and _threads() > threads and not _threads_end_at_fork():
                isolated, reason = False, "it starts a thread that a fork would lose"
            if reason is not None:
                self.learned.refuse(name, reason)
                if not isolated:
                    return False
        gc.collect()
        gc.freeze()
        return True

    def _note_state(self):
        """What `pybun zygote status` shows; the file's time is that of the last use."""
        lines = (os.getpid(), sys.executable, sys.prefix, int(self.started), self.preloaded.count(), self.served, len(self.children))
        fresh = f"{self.path}.state.{os.getpid()}"
        try:
            with open(fresh, "w", encoding="utf-8") as file:
                file.write("".join(f"{line}\n" for line in lines))
            os.rename(fresh, f"{self.path}.state")
        except OSError:
            pass

    def _start_anew(self):
        """What was loaded can't be unloaded; the new process knows what not to load."""
        with open("/proc/self/cmdline", "rb") as file:
            arguments = file.read().split(b"\0")[:-1]
        with open("/proc/self/environ", "rb") as file:
            environ = dict(entry.split(b"=", 1) for entry in file.read().split(b"\0") if b"=" in entry)
        os.execve(arguments[0], arguments, environ)

    def _listen(self):
        listener = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        fresh = f"{self.path}.{os.getpid()}"
        folder, name = os.path.split(fresh)
        fd = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        listener.bind(f"/proc/self/fd/{fd}/{name}" if len(os.fsencode(fresh)) > 100 else fresh)
        os.close(fd)
        listener.listen(128)
        os.rename(fresh, self.path)
        self.inode = os.stat(self.path).st_ino
        return listener

    def _fork(self):
        """True in the fork, when it has become a program's process."""
        server = os.getpid()
        # A group of its own, and yet not its leader: so the program may begin a session, as one that a script starts may.
        leader = None if self.has_terminal else os.posix_spawn("/bin/sh", ["sh", "-c", ":"], {}, setpgroup=0)
        pid = os.fork()
        if pid:
            self.spare = pid
            if leader is not None:
                os.setpgid(pid, leader)
                os.waitpid(leader, 0)
            return False
        try:
            Spare(self, server).become_program()
        except BaseException:  # noqa: BLE001 - before anybody's program began
            import traceback

            with open(f"{self.path}.log", "a", encoding="utf-8") as log:
                traceback.print_exc(file=log)
            os._exit(70)
        return True

    def _taken(self, poll):
        """The spare tells which program it becomes, and hands its connection over."""
        message, ancillary, _, _ = self.control.recvmsg(4096, _socket.CMSG_SPACE(4))
        for _, _, data in ancillary:
            (fd,) = _struct.unpack("i", data)
            os.set_inheritable(fd, False)
        pid, client, learns = _struct.unpack("iii", message[:12])
        entry = message[12:].decode("utf-8", "surrogateescape")
        self.learned.count(entry)
        self.children[pid] = _Child(fd, client, entry if learns else None)
        poll.register(fd, select.POLLIN | select.POLLRDHUP)
        if pid == self.spare:
            self.spare = None
        self.last = time.monotonic()
        self._note_state()

    def _hung_up(self, fd, poll):
        """Who asked is gone, which only SIGKILL does: what it would have done to the program."""
        for pid, child in self.children.items():
            if child.fd == fd:
                os.kill(pid, _signal.SIGKILL)
                poll.unregister(fd)
                child.is_alone = True

    def _reap(self, poll):
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG | os.WUNTRACED | os.WCONTINUED)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid == self.spare:
                self.spare = None
                continue
            child = self.children.get(pid)
            if child is None:
                continue
            if os.WIFSTOPPED(status):
                child.send(b"S" + _struct.pack("i", os.WSTOPSIG(status)))
            elif os.WIFCONTINUED(status):
                kill(child.client, _signal.SIGCONT)
            else:
                child.send(b"X" + _struct.pack("i", status))
                if not child.is_alone:
                    poll.unregister(child.fd)
                os.close(child.fd)
                del self.children[pid]
                self.last = time.monotonic()
                self.served += 1
                self._note_state()
                if child.entry is not None:
                    self._learn(pid, child.entry)

    def _learn(self, pid, entry):
        fresh = self.learned.take(f"{self.path}.{pid}.modules", entry)
        if not fresh:
            return
        self._drop_spare()
        # Who comes meanwhile finds nobody, and does not wait; nor does it start another server.
        try:
            os.unlink(self.path)
            with open(f"{self.path}.started", "w"):
                pass
        except OSError:
            self._end()
            return
        self.listener.close()
        gc.unfreeze()
        if not self._preload(fresh):
            if not self.children:
                self._start_anew()
            self._end()
            return
        if not self.is_ending:
            self.listener = self._listen()
            self._note_state()

    def _drop_spare(self):
        if self.spare is not None:
            kill(self.spare, _signal.SIGKILL)
            os.waitpid(self.spare, 0)
            self.spare = None

    def _look(self):
        """Ends where nobody will ask any more."""
        is_idle = not self.children and time.monotonic() - self.last > self.idle_seconds
        try:
            is_replaced = os.stat(self.path).st_ino != self.inode
        except OSError:
            is_replaced = True
        if is_idle or is_replaced:
            self._end()

    def _end(self):
        """Takes no more requests; ends when the last program has."""
        if not self.is_ending:
            self.is_ending = True
            try:
                if os.stat(self.path).st_ino == self.inode:
                    os.unlink(self.path)
                    # Who finds none may start another at once.
                    os.unlink(f"{self.path}.started")
                    os.unlink(f"{self.path}.state")
            except OSError:
                pass
            self._drop_spare()
            self.listener.close()
        if not self.children:
            os._exit(0)


class _Child:
    def __init__(self, fd, client, entry):
        self.fd = fd
        self.client = client
        self.entry = entry
        self.is_alone = False

    def send(self, message):
        try:
            os.write(self.fd, message)
        except OSError:
            pass


def _initial_environ():
    """Variables that the interpreter sets at its start, such as LC_CTYPE in the C locale (PEP 538)."""
    with open("/proc/self/environ", "rb") as file:
        given = set(file.read().split(b"\0"))
    return {
        name: value
        for name, value in os.environ.items()
        if name.startswith("LC_") and os.fsencode(f"{name}={value}") not in given
    }


def _read_at_start(packages):
    """Variables that code in `.pth` files has read before anybody could watch; None for all of them."""
    for folder in packages:
        for name in os.listdir(folder) if os.path.isdir(folder) else ():
            if not name.endswith(".pth") or name.startswith("__editable__") or name in _SILENT_PTH:
                continue
            if name == "distutils-precedence.pth":
                yield "SETUPTOOLS_USE_DISTUTILS"
                continue
            with open(os.path.join(folder, name), "rb") as file:
                if any(line.startswith((b"import ", b"import\t")) for line in file.read().splitlines()):
                    yield None


def _forget_ignored_signals():
    """What a shell lets its background processes ignore is not what programs are to ignore."""
    for number in range(1, 32):
        if _signal.getsignal(number) == _signal.SIG_IGN and number not in (_signal.SIGPIPE, _signal.SIGXFSZ):
            is_interrupt = number == _signal.SIGINT
            _signal.signal(number, _signal.default_int_handler if is_interrupt else _signal.SIG_DFL)


def _resident_bytes():
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _threads():
    return len(os.listdir("/proc/self/task"))


def _threads_end_at_fork():
    """OpenBLAS ends its threads before a fork and starts others when it needs them; most libraries don't."""
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return _threads() == 1


def _watch_process(pid):
    try:
        return os.pidfd_open(pid)
    except (OSError, AttributeError):
        return None


def _real(folders):
    return tuple(os.path.realpath(folder) + os.sep for folder in folders)


def _drain(fd):
    try:
        while os.read(fd, 4096):
            pass
    except BlockingIOError:
        pass
