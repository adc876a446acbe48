"""Runs pip many times without loading it each time: a line of JSON in, a process of its own for it, a line of JSON out.

The process is made to be that of the environment the call names, as if its Python had been started.
"""

import importlib
import json
import os
import pkgutil
import sys
import sysconfig
import traceback

sys.path.insert(0, sys.argv[1])

import pip._internal  # noqa: E402
import pip._internal.cli.main  # noqa: E402


def load_all():
    """Loads what each call would load by itself."""
    for module in pkgutil.walk_packages(pip._internal.__path__, "pip._internal."):
        try:
            importlib.import_module(module.name)
        except ImportError:
            pass  # for other systems


def enter(environment):
    """Makes this process that of a virtual environment."""
    old = sys.prefix
    sys.prefix = sys.exec_prefix = environment
    sys.executable = os.path.join(environment, "bin", "python")
    sys.path[:] = [path for path in sys.path if not path.startswith(old + os.sep) or old == sys.base_prefix]
    minor = "python%d.%d" % sys.version_info[:2]
    sys.path.append(os.path.join(environment, "lib", minor, "site-packages"))
    # What was worked out for the old prefix is worked out anew.
    sysconfig._PREFIX = sysconfig._EXEC_PREFIX = environment
    sysconfig._CONFIG_VARS = None
    sysconfig._CONFIG_VARS_INITIALIZED = False


def call(order):
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    for number, name in ((1, "stdout"), (2, "stderr")):
        target = os.open(order[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(target, number)
        os.close(target)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    enter(order["environment"])
    status = 70
    try:
        status = pip._internal.cli.main.main(order["words"])
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status or 0)


def main():
    load_all()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            call(json.loads(line))
        _, status = os.waitpid(child, 0)
        sys.stdout.write("%d\n" % os.waitstatus_to_exitcode(status))
        sys.stdout.flush()


main()
