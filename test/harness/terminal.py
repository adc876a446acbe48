"""Runs a program in a terminal of a given size and copies what it writes.

terminal.py COLUMNS [-i SECONDS] [-t TEXT]... PROGRAM ARGS...

With -i the terminal's Ctrl-C is pressed after so many seconds. Each TEXT is typed, with Enter, when what is shown ends in a
colon or a bracket and a blank; one that is "^C" presses that instead. Ends with the program's exit code.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time

columns, *words = sys.argv[1:]
press_at = None
if words[0] == "-i":
    press_at = time.monotonic() + float(words[1])
    words = words[2:]
answers = []
while words[0] == "-t":
    answers.append(words[1])
    words = words[2:]

pid, master = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(columns), 0, 0))
    os.execvp(words[0], words)

while True:
    wait = 0.05 if press_at is not None else None
    if select.select([master], [], [], wait)[0]:
        try:
            chunk = os.read(master, 65536)
        except OSError:  # Linux says so when the program has closed the terminal
            break
        if not chunk:
            break
        sys.stdout.buffer.write(chunk)
        if answers and chunk.endswith((b": ", b"] ")):
            answer = answers.pop(0)
            os.write(master, b"\x03" if answer == "^C" else answer.encode() + b"\r")
    if press_at is not None and time.monotonic() >= press_at:
        os.write(master, b"\x03")
        press_at = None

_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
