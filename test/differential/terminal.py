"""Runs a program as a shell does, in a terminal of its own, and does there what the steps say.

Standard input: a JSON object with `words` (the program), `steps`, and `warmUp` (what is run before, until it says that it was
served by a fork). Standard output: one with `shown` (all that
came to the screen, as Latin-1), `events` (what the shell saw of its job) and `status`.

Two processes: the shell, which leads the session, hands the terminal to its job and takes it back; and this one, which is the
person in front of the screen.
"""

import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time

PATIENCE_S = 20


def shell(words, warm_up, commands, events):
    """Starts the job in the foreground, and reports its state until it has ended."""
    for number in (signal.SIGTTOU, signal.SIGTTIN, signal.SIGTSTP):
        signal.signal(number, signal.SIG_IGN)
    if warm_up:
        plain = [word for word in warm_up if word != "--explain"]
        for _ in range(50):
            subprocess.run(plain, stdin=subprocess.DEVNULL, capture_output=True)
            if b"not used" not in subprocess.run(warm_up, stdin=subprocess.DEVNULL, capture_output=True).stderr:
                break
            time.sleep(0.1)
        # The daemon that was started with the server comes a little later.
        time.sleep(0.5)
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        for number in (signal.SIGTTOU, signal.SIGTTIN, signal.SIGTSTP, signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
        os.close(commands)
        os.close(events)
        os.execv(words[0], words)
    try:
        os.setpgid(pid, pid)
    except OSError:
        pass  # it has done so itself, and become the program
    signal.signal(signal.SIGHUP, lambda *_: os.killpg(pid, signal.SIGHUP))
    while True:
        _, status = os.waitpid(pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            report(events, "exited %d" % os.WEXITSTATUS(status) if os.WIFEXITED(status) else "killed by %d" % os.WTERMSIG(status))
            return
        attributes = termios.tcgetattr(0) if os.isatty(0) else None
        os.tcsetpgrp(0, os.getpgrp())
        report(events, "stopped by %d" % os.WSTOPSIG(status))
        command = os.read(commands, 16).decode()
        if command == "fg":
            if attributes:
                termios.tcsetattr(0, termios.TCSADRAIN, attributes)
            os.tcsetpgrp(0, pid)
        os.killpg(pid, signal.SIGCONT)


def report(events, text):
    os.write(events, text.encode() + b"\n")


class Person:
    def __init__(self, master, commands, events):
        self.master, self.commands, self.events_from = master, commands, events
        self.shown, self.seen, self.events, self.buffer = b"", 0, [], b""
        self.is_over, self.stops_seen = False, 0

    def look(self, seconds):
        """Takes what comes from the screen and from the shell."""
        sources = [source for source in (self.master, self.events_from) if source is not None]
        for source in select.select(sources, [], [], seconds)[0]:
            try:
                chunk = os.read(source, 65536)
            except OSError:  # Linux says so when nobody has the terminal open any more
                chunk = b""
            if source == self.master:
                self.shown += chunk
                if not chunk:
                    self.master = None
            elif not chunk:
                self.is_over = True
                self.events_from = None
            else:
                self.buffer += chunk
                *lines, self.buffer = self.buffer.split(b"\n")
                self.events += [line.decode() for line in lines]

    def wait(self, holds, what):
        until = time.monotonic() + PATIENCE_S
        while not holds():
            if time.monotonic() > until or (self.is_over and not self.has_more()):
                raise TimeoutError("waited in vain for %s" % what)
            self.look(0.2)

    def has_more(self):
        """Whether something that was written before the end is still in the terminal."""
        return self.master is not None and bool(select.select([self.master], [], [], 0)[0])

    def take(self, step):
        if "see" in step:
            text = step["see"].encode().replace(b"\n", b"\r\n")
            self.wait(lambda: text in self.shown[self.seen :], repr(step["see"]))
            self.seen = self.shown.index(text, self.seen) + len(text)
        elif "file" in step:
            until = time.monotonic() + PATIENCE_S
            while not has_line(step["file"]):
                if time.monotonic() > until:
                    raise TimeoutError("waited in vain for the file %s" % step["file"])
                time.sleep(0.02)
        elif "type" in step:
            os.write(self.master, keys(step["type"]))
        elif step["do"] == "see-stop":
            self.wait(lambda: self.stops() > self.stops_seen, "a stop")
            self.stops_seen = self.stops()
        elif step["do"] == "see-sleep":
            self.wait(lambda: sleeps(os.tcgetpgrp(self.master)), "a program that waits")
        elif step["do"] == "hang-up":
            os.close(self.master)
            self.master = None
        elif step["do"] == "resize":
            fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 132, 0, 0))
        else:
            os.write(self.commands, step["do"].encode())

    def stops(self):
        return sum(event.startswith("stopped") for event in self.events)


def has_line(file):
    try:
        with open(file) as lines:
            return "\n" in lines.read()
    except OSError:
        return False


def sleeps(group):
    """Whether all processes of a job wait in the system, and not to be allowed to write; else they are given a moment."""
    if not os.path.exists("/proc/self/syscall"):
        time.sleep(0.3)
        return True
    calls = {call_of(pid) for pid in os.listdir("/proc") if pid.isdigit() and group_of(pid) == group} - {None}
    return bool(calls) and calls.isdisjoint(("running", "1", "64"))


def group_of(pid):
    try:
        return os.getpgid(int(pid))
    except OSError:
        return None


def call_of(pid):
    """The number of the system call that a process waits in, where `1` and `64` write; None for one that has ended."""
    try:
        with open("/proc/%s/syscall" % pid) as file:
            return file.read().split()[0]
    except (OSError, IndexError):
        return None


def keys(text):
    raw = b""
    while text:
        if text[0] == "^" and len(text) > 1 and text[1].isupper() or text[:2] == "^\\":
            raw += bytes([ord(text[1]) & 31])
            text = text[2:]
        else:
            raw += text[0].encode()
            text = text[1:]
    return raw.replace(b"\n", b"\r")


def main():
    order = json.load(sys.stdin)
    for_shell, commands = os.pipe()
    events, for_events = os.pipe()
    leader, master = pty.fork()
    if leader == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        os.close(commands)
        os.close(events)
        shell(order["words"], order["warmUp"], for_shell, for_events)
        os._exit(0)
    os.close(for_shell)
    os.close(for_events)
    person = Person(master, commands, events)
    problem = None
    try:
        for step in order["steps"]:
            person.take(step)
        until = time.monotonic() + PATIENCE_S
        while not person.is_over:
            if time.monotonic() > until:
                raise TimeoutError("the program did not end")
            person.look(0.2)
        # What was written last is in the terminal still.
        while person.has_more():
            person.look(0)
    except (TimeoutError, OSError) as error:
        problem = str(error)
        for group in children_of(leader):
            try:
                os.killpg(group, signal.SIGKILL)
            except OSError:
                pass
        os.kill(leader, signal.SIGKILL)
    os.waitpid(leader, 0)
    json.dump({"shown": person.shown.decode("latin-1"), "events": person.events, "problem": problem}, sys.stdout)


def children_of(pid):
    try:
        with open("/proc/%d/task/%d/children" % (pid, pid)) as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


main()
