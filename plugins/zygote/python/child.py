"""A program that a server has become, as the server sees it, and who has asked for it."""

import os

import _signal
import _struct


class Child:
    def __init__(self, pid, client, connection, entry):
        """`client` waits at the other end of `connection`. `entry`: whose modules are to be learned, if any are."""
        self.client = client
        self.connection = connection
        self.entry = entry
        # Who asked is gone.
        self.is_alone = False
        self._pid = pid
        # Who asked has been told that the program is stopped, and has stopped.
        self._is_stopped = False
        # Who asked was stopped by somebody, and the program then from here.
        self._is_held = False

    def tell(self, status):
        """Of what waitpid has returned. Who waits is told first that it is continued from here, and then what for: to stop again, maybe."""
        if self._is_held and os.WIFSTOPPED(status):
            return
        if self._is_stopped or self._is_held:
            self._send(b"C", 0)
            kill(self.client, _signal.SIGCONT)
        if os.WIFSTOPPED(status):
            self._send(b"S", os.WSTOPSIG(status))
        elif not os.WIFCONTINUED(status):
            self._send(b"X", status)
        self._is_stopped = os.WIFSTOPPED(status)
        self._is_held = False

    def follow(self):
        """Stops with who asked: SIGSTOP can't be handed on, nor does anybody tell of it. SIGCONT is handed on."""
        if self._is_stopped or self._is_held or self.is_alone or not _is_halted(self.client):
            return
        self._is_held = True
        kill(self._pid, _signal.SIGSTOP)

    def _send(self, kind, number):
        try:
            os.write(self.connection, kind + _struct.pack("i", number))
        except OSError:
            pass


def kill(pid, number):
    try:
        os.kill(pid, number)
    except OSError:
        pass


def _is_halted(pid):
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rsplit(b") ", 1)[1].startswith(b"T")
    except OSError:
        return False
