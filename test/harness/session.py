"""A session at a terminal that ends: `session.py END PROGRAM ARGS...`.

What leads it, as a shell does, runs `PROGRAM run --explain -c pass` until a fork server of this terminal serves it, and then
`PROGRAM ARGS...` as its job in the foreground. When that has written a file named `ready`, END happens: the line is cut (`hang-up`),
or whoever leads the session (`leader`) or the program that was started (`program`) is killed.
"""

import os
import pty
import signal
import subprocess
import sys
import time

end, program, *arguments = sys.argv[1:]


def lead():
    while b"not used" in subprocess.run([program, "run", "--explain", "-c", "pass"], capture_output=True).stderr:
        subprocess.run([program, "run", "-c", "pass"], check=True)
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        with open("job", "w") as file:
            file.write(str(os.getpid()))
        os.execv(program, [program, *arguments])
    os.waitpid(job, 0)


leader, master = pty.fork()
if leader == 0:
    lead()
    os._exit(0)
while not os.path.exists("ready"):
    if os.waitpid(leader, os.WNOHANG)[0]:
        sys.exit("the session has ended before: " + os.read(master, 65536).decode())
    time.sleep(0.01)
if end == "hang-up":
    os.close(master)
elif end == "leader":
    os.kill(leader, signal.SIGKILL)
else:
    with open("job") as file:
        os.kill(int(file.read()), signal.SIGKILL)
os.waitpid(leader, 0)
