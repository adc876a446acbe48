"""Where a fork that waits belongs until it is a program."""

import os


class Group:
    """A process group that the fork does not lead: so its program may begin a session, as one that a script starts may."""

    def __init__(self):
        """In the server, before it forks."""
        self._leader = os.posix_spawn("/bin/sh", ["sh", "-c", ":"], {}, setpgroup=0)
        self._joined, self._joins = os.pipe2(os.O_CLOEXEC)

    def join(self):
        """In the fork, and not from the server: when that comes to it, the fork may be a program with a session of its own."""
        os.setpgid(0, self._leader)
        os.close(self._joined)
        os.close(self._joins)

    def leave(self):
        """In the server. There is a group to join until its leader is waited for."""
        os.close(self._joins)
        os.read(self._joined, 1)
        os.close(self._joined)
        os.waitpid(self._leader, 0)
