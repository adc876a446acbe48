import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parse } from "smol-toml";
import { cleanEnvironment } from "../harness/clean-environment.ts";
import { removeTree } from "../harness/files.ts";
import type { Python } from "../harness/python.ts";
import { endStragglers } from "../harness/stragglers.ts";

/** An environment, and a folder to run programs in, one at a time. */
export interface Scene {
  readonly root: string;
  readonly python: Python;
  /** The environment's interpreter: what `python` is in it. */
  readonly interpreter: string;
  readonly work: string;
  /** `PYBUN_HOME`. */
  readonly data: string;
  readonly env: Readonly<Record<string, string>>;
  readonly remove: () => void;
}

/**
 * What is installed in the environment: a package that can be run, a command, a line that is run at each start, and modules that
 * at their import look at, or change, what is another thing in each process. Who imports them beforehand has to notice.
 */
const INSTALLED: Readonly<Record<string, string>> = {
  "sample/__init__.py": "NAME = __name__\n",
  "sample/__main__.py": "import sys\nfrom . import NAME\nprint('module', NAME, sys.argv[1:], __name__, __package__)\n",
  "sample/cli.py":
    "import sys\ndef main():\n    print('command', sys.argv)\n    return 3 if 'fail' in sys.argv else None\n",
  "sample.pth": "import sys; sys.sample_pth = True\n",
  "sees_variables.py": "import os\nVALUE, ALL = os.environ.get('VALUE'), dict(os.environ)\n",
  "sees_words.py": "import os, sys\nARGV, PATH, CWD = list(sys.argv), list(sys.path), os.getcwd()\n",
  "sees_streams.py":
    "import sys\nOUT, ERR, ARE = sys.stdout, sys.stderr, [s and s.isatty() for s in (sys.stdin, sys.stdout, sys.stderr)]\n",
  "sees_process.py":
    "import os, threading\nPID, PARENT, IDENT, MAIN = os.getpid(), os.getppid(), threading.get_native_id(), threading.main_thread()\n",
  "sees_main.py": "import sys\nMAIN = sys.modules['__main__']\nFILE = getattr(MAIN, '__file__', None)\n",
  "sees_chance.py":
    "import os, random, tempfile, uuid\nVALUES = random.random(), os.urandom(8), uuid.uuid4(), tempfile.gettempdir()\n",
  "sees_locale.py":
    "import locale, sys, time\nFOUND = locale.setlocale(locale.LC_CTYPE), time.tzname, sys.getfilesystemencoding()\n",
  "sees_limits.py":
    "import os, resource\nFOUND = resource.getrlimit(resource.RLIMIT_NOFILE), os.nice(0), sorted(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else None\nMASK = os.umask(0)\nos.umask(MASK)\n",
  "does_print.py": "print('printed by an import')\n",
  "does_threads.py":
    "import threading\nSTOP = threading.Event()\nTHREAD = threading.Thread(target=STOP.wait, daemon=True)\nTHREAD.start()\n",
  "does_at_exit.py": "import atexit\natexit.register(print, 'registered by an import')\n",
  "does_at_fork.py": "import os\nos.register_at_fork(before=lambda: print('a fork', flush=True))\n",
  "asks_parent.py": "import os\ndef parent():\n    return os.getppid()\n",
  "does_signals.py": "import signal\nOLD = signal.signal(signal.SIGUSR1, lambda *_: print('handled'))\n",
  "does_logging.py":
    "import logging, sys\nlogging.basicConfig(stream=sys.stderr, format='%(message)s', level='INFO')\n",
  "does_warn.py": "import warnings\nwarnings.warn('by an import', UserWarning)\nwarnings.simplefilter('error')\n",
  "does_patch.py":
    "import builtins, json, sys\nbuiltins.patched = True\njson.dumps = lambda value: 'patched'\nsys.setrecursionlimit(777)\nsys.path.append('/added')\n",
  "does_files.py": "import os\nFILE = open(os.devnull)\nREAD, WRITE = os.pipe()\nPOSITION = open(__file__)\n",
  "does_children.py": "import subprocess\nOUTPUT = subprocess.run(['echo', 'child'], stdout=subprocess.PIPE).stdout\n",
  "does_fail.py": "raise ImportError('always')\n",
  "does_leave.py": "import os\nif os.environ.get('LEAVE'):\n    raise SystemExit(11)\n",
  "does_hooks.py": "import sys\nsys.excepthook = lambda *info: print('hook of an import')\n",
  "heavy/__init__.py": "import asyncio, decimal, json, logging, ssl, unittest.mock\nSTATE = []\nfrom . import part\n",
  "heavy/part.py": "from . import STATE\nSTATE.append(__name__)\nclass Thing:\n    pass\n",
};

const { modules: MODULES, commands: COMMANDS } = parse(
  fs.readFileSync(path.join(import.meta.dirname, "commands.toml"), "utf8"),
) as unknown as Readonly<Record<"modules" | "commands", Readonly<Record<string, string>>>>;

/** Makes the environment with the interpreter's own means, so that nothing of PyBun's is in it. */
export function createScene(python: Python, under: string): Scene {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(under, `diff-${python.version.join(".")}-`)));
  const [home, work, data, temporary, environment] = ["home", "work", "data", "tmp", "env"].map((name) =>
    path.join(root, name),
  ) as [string, string, string, string, string];
  for (const folder of [home, work, temporary]) fs.mkdirSync(folder);
  spawnSync(python.path, ["-m", "venv", "--without-pip", environment]);
  const scripts = path.join(environment, "bin");
  const interpreter = path.join(scripts, "python");
  install(interpreter, environment, python);
  return {
    root,
    python,
    interpreter,
    work,
    data,
    env: {
      ...cleanEnvironment({ home, temporary }),
      LANG: "C.UTF-8",
      // As it is when the environment is activated: then PyBun has nothing to add.
      PATH: [scripts, "/usr/local/bin", "/usr/bin", "/bin"].join(path.delimiter),
      VIRTUAL_ENV: environment,
      PYBUN_HOME: data,
      // As a shell says it.
      PWD: work,
      PYTHONDONTWRITEBYTECODE: "1",
      PYBUN_ZYGOTE: "off",
    },
    remove: () => {
      endStragglers(root);
      removeTree(root);
    },
  };
}

function install(interpreter: string, environment: string, { version }: Python): void {
  const site = path.join(environment, "lib", `python${version[0]}.${version[1]}`, "site-packages");
  for (const [file, text] of Object.entries({ ...INSTALLED, ...MODULES })) {
    fs.mkdirSync(path.dirname(path.join(site, file)), { recursive: true });
    fs.writeFileSync(path.join(site, file), text);
  }
  for (const [name, text] of Object.entries(COMMANDS)) {
    const command = path.join(environment, "bin", name);
    fs.writeFileSync(command, text.replaceAll("@PYTHON@", interpreter));
    fs.chmodSync(command, 0o755);
  }
}
