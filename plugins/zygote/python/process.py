"""What there is to be known of the server's own process, and of others by their number."""

import os


def resident_bytes():
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def threads():
    return len(os.listdir("/proc/self/task"))


def threads_end_at_fork():
    """OpenBLAS ends its threads before a fork and starts others when it needs them; most libraries don't."""
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return threads() == 1


def watch_process(pid):
    """A descriptor that can be read when the process has ended; None where there is none."""
    try:
        return os.pidfd_open(pid)
    except (OSError, AttributeError):
        return None
