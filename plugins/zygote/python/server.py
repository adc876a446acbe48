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
from _pybun_zygote_child import Child, kill
from _pybun_zygote_ending import Ending
from _pybun_zygote_group import Group
from _pybun_zygote_learned import Learned
from _pybun_zygote_memory import Memory
from _pybun_zygote_modules import Preloaded
from _pybun_zygote_process import resident_bytes, threads, threads_end_at_fork, watch_process
from _pybun_zygote_spare import Spare, folder_time
from _pybun_zygote_start import forget_signals, initial_environ, read_at_start, serve_bootstraps

# How often a server that nobody asks looks whether it is still wanted.
_LOOK_SECONDS = 30
# How often it looks whether who waits for a program was stopped.
_FOLLOW_SECONDS = 1
# A server that has grown to this loads nothing more.
_MOST_BYTES = 512 << 20
# Exit code of a fork that could not become ready.
_FAILED = 70
# A program that has begun is left alone for so long, or until somebody asks, before the next fork is made.
_REST_SECONDS = 0.05


def start(config):
    """Returns in a fork that is to go on as a program; the server itself never does."""
    options = dict(zip(("socket", "profile", "mode", "idle", "bootstraps"), sys.argv[1:6]))
    begins = serve_bootstraps(options["bootstraps"])
    _Server(options).serve()
    for begin in begins:
        begin()


class _Server:
    def __init__(self, options):
        self.path = options["socket"]
        self.idle_seconds = float(options["idle"])
        self.own_environ = dict(os.environ)
        self.initial = initial_environ()
        self.target = target.Target()
        self.command_line = target.CommandLine()
        packages = tuple(folder + os.sep for folder in sys.path if folder.endswith(("site-packages", "dist-packages")))
        standard = tuple(folder + os.sep for folder in sys.path if folder and folder + os.sep not in packages)
        self.package_folders = {folder: folder_time(folder) for folder in sys.path}
        self.interned = target.Interned()
        self.ending = Ending()
        self.memory = Memory()
        self.preloaded = Preloaded((_BASE, _IMPORTERS), packages + _real(packages), standard + _real(standard))
        for variable in read_at_start(packages):
            self.preloaded.needs_variable(variable)
        self.learned = Learned(options["profile"])
        # Where something takes part that may have imports wait, a package does not bring all of the standard library that it uses.
        self.is_to_learn = self.preloaded.is_library_file if options["bootstraps"] else self.preloaded.is_package_file
        self.has_terminal = options["mode"] == "terminal"
        self.children = {}
        self.spare = None
        self.rest_until = 0
        self.reports = []
        self.noted = None
        self.is_told_to_end = False
        self.is_ending = False
        self.last = time.monotonic()
        self.started = time.time()
        self.served = 0

    def serve(self):
        _signal.signal(_signal.SIGTERM, lambda *_: self._is_to_end())
        forget_signals()
        os.chdir("/")
        os.umask(0o077)
        if self.has_terminal:
            os.setpgid(0, 0)
        elif os.getsid(0) != os.getpid():
            os.setsid()
        leader = watch_process(os.getsid(0)) if self.has_terminal else None
        if not self._preload(self.learned.modules):
            self._start_anew()
        self.listener = self._listen()
        self.control, self.childs_end = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
        self.own = caller.Caller(os.getpid())
        self.own.settle()
        self.wake, woken = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        _signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        _signal.signal(_signal.SIGCHLD, lambda *_: None)
        self.poll = select.poll()
        self.poll.register(self.wake, select.POLLIN)
        self.poll.register(self.control, select.POLLIN)
        if leader is not None:
            self.poll.register(leader, select.POLLIN)
        # It may have been told to end while it loaded.
        self._look()
        while True:
            try:
                if self._go_on():
                    return
            except Exception:  # noqa: BLE001 - somebody waits for the programs that run
                if self.is_ending:
                    raise
                sys.excepthook(*sys.exc_info())
                self._end(is_failed=True)

    def _go_on(self):
        """To the next thing that happens. True in a fork that has become a program."""
        rest = self.rest_until - time.monotonic()
        if rest <= 0:
            self._note_state()
            if self._is_without_spare() and self._fork():
                return True
        longest = min(_FOLLOW_SECONDS if self.children else _LOOK_SECONDS, self.idle_seconds)
        self._attend(rest if rest > 0 else longest)
        for child in self.children.values():
            child.follow()
        if self.reports:
            self._learn(*self.reports.pop(0))
        self._look()
        return False

    def _is_to_end(self):
        self.is_told_to_end = True

    def _is_without_spare(self):
        return self.spare is None and not self.is_ending

    def is_asked(self):
        """Whether somebody waits for a spare."""
        return bool(select.select([self.listener], [], [], 0)[0])

    def _attend(self, seconds=None):
        """To whatever comes next."""
        is_asked_itself = self._is_without_spare()
        if is_asked_itself:
            self.poll.register(self.listener, select.POLLIN)
        events = self.poll.poll(seconds and seconds * 1000)
        if is_asked_itself:
            self.poll.unregister(self.listener)
        for fd, _ in events:
            if fd == self.wake:
                _drain(fd)
            elif fd == self.control.fileno():
                self._taken()
            elif is_asked_itself and fd == self.listener.fileno():
                self.rest_until = 0
            elif any(child.connection == fd for child in self.children.values()):
                self._hung_up(fd)
            else:
                # Who leads the terminal's session has ended.
                self.poll.unregister(fd)
                self._is_to_end()
        self._reap()

    def _preload(self, names):
        """False when no program may be started from this process any more: the next server will know."""
        before = threads()
        for name in names:
            if name in self.preloaded or name in _BASE:
                continue
            if self.is_told_to_end or resident_bytes() > _MOST_BYTES:
                break
            isolated, reason = self.preloaded.load(name)
            if reason is None and threads() > before and not threads_end_at_fork():
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
        if lines == self.noted:
            return
        self.noted = lines
        fresh = f"{self.path}.state.{os.getpid()}"
        try:
            with open(fresh, "w", encoding="utf-8") as file:
                file.write("".join(f"{line}\n" for line in lines))
            os.rename(fresh, f"{self.path}.state")
        except OSError:
            pass

    def _start_anew(self):
        """What was loaded can't be unloaded; the new process knows what not to load, and hears what this one is told meanwhile."""
        _signal.pthread_sigmask(_signal.SIG_BLOCK, (_signal.SIGTERM,))
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
        group = None if self.has_terminal else Group()
        pid = os.fork()
        if pid:
            self.spare = pid
            if group is not None:
                group.leave()
            return False
        try:
            if group is not None:
                group.join()
            Spare(self, server).become_program()
        except BaseException:  # noqa: BLE001 - before anybody's program began
            import traceback

            with open(f"{self.path}.log", "a", encoding="utf-8") as log:
                traceback.print_exc(file=log)
            os._exit(_FAILED)
        return True

    def _taken(self):
        """The spare tells which program it becomes, and hands its connection over; nothing where it does not."""
        try:
            message, ancillary, _, _ = self.control.recvmsg(4096, _socket.CMSG_SPACE(4), _socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        for _, _, data in ancillary:
            (fd,) = _struct.unpack("i", data)
            os.set_inheritable(fd, False)
        pid, client, learns = _struct.unpack("iii", message[:12])
        entry = message[12:].decode("utf-8", "surrogateescape")
        self.learned.count(entry)
        self.children[pid] = Child(pid, client, fd, entry if learns else None)
        self.poll.register(fd, select.POLLIN | select.POLLRDHUP)
        if pid == self.spare:
            self.spare = None
        self.served += 1
        # While the program begins, so that it is known when it has ended.
        self._note_state()
        self.last = time.monotonic()
        self.rest_until = self.last + _REST_SECONDS

    def _hung_up(self, fd):
        """Who asked is gone, which only SIGKILL does: what it would have done to the program."""
        for pid, child in self.children.items():
            if child.connection == fd:
                kill(pid, _signal.SIGKILL)
                self.poll.unregister(fd)
                child.is_alone = True

    def _reap(self):
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG | os.WUNTRACED | os.WCONTINUED)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid == self.spare:
                # It may have become a program and ended since anybody looked.
                self._taken()
            if pid == self.spare:
                self.spare = None
                # Each one after it would fail as well, and who asks would wait for it in vain.
                if os.WIFEXITED(status) and os.WEXITSTATUS(status) == _FAILED:
                    self._end(is_failed=True)
                self.rest_until = time.monotonic() + _REST_SECONDS
                continue
            child = self.children.get(pid)
            if child is None:
                continue
            child.tell(status)
            if not os.WIFSTOPPED(status) and not os.WIFCONTINUED(status):
                if not child.is_alone:
                    self.poll.unregister(child.connection)
                os.close(child.connection)
                del self.children[pid]
                self.last = time.monotonic()
                self.rest_until = 0
                if child.entry is not None:
                    self.reports.append((pid, child.entry))

    def _learn(self, pid, entry):
        fresh = self.learned.take(f"{self.path}.{pid}.modules", entry)
        # The place may be another server's by now.
        if not fresh or self.is_ending or self._is_replaced():
            return
        # Who comes meanwhile finds nobody, and does not wait; nor does it start another server.
        try:
            os.unlink(self.path)
            with open(f"{self.path}.started", "w"):
                pass
        except OSError:
            self._end()
            return
        self._close()
        gc.unfreeze()
        if not self._preload(fresh):
            if not self.children:
                self._start_anew()
            # The next one knows what not to load, and need not be waited for.
            try:
                os.unlink(f"{self.path}.started")
            except OSError:
                pass
            self._end()
            return
        if not self.is_ending:
            self.listener = self._listen()

    def _close(self):
        """Who has asked is still served; then the spare finds that nobody will, and ends."""
        if self.listener is None:
            return
        self.listener.shutdown(_socket.SHUT_RDWR)
        while self.spare is not None:
            self._attend()
        self.listener.close()
        self.listener = None

    def _look(self):
        """Ends where nobody will ask any more."""
        is_idle = not self.children and time.monotonic() - self.last > self.idle_seconds
        if is_idle or self._is_replaced() or self.is_told_to_end:
            self._end()

    def _is_replaced(self):
        try:
            return os.stat(self.path).st_ino != self.inode
        except OSError:
            return True

    def _end(self, is_failed=False):
        """Takes no more requests; ends when the last program has."""
        if not self.is_ending:
            self.is_ending = True
            try:
                if not self._is_replaced():
                    os.unlink(self.path)
                    os.unlink(f"{self.path}.state")
                    # Who finds none may start another at once, but for one that would do no better.
                    if not is_failed:
                        os.unlink(f"{self.path}.started")
            except OSError:
                pass
            self._close()
        if not self.children:
            os._exit(0)


def _real(folders):
    return tuple(os.path.realpath(folder) + os.sep for folder in folders)


def _drain(fd):
    try:
        while os.read(fd, 4096):
            pass
    except BlockingIOError:
        pass
