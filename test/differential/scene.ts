import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
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

/** What is installed in the environment: a package that can be run, a command, and a line that is run at each start. */
const INSTALLED: Readonly<Record<string, string>> = {
  "sample/__init__.py": "NAME = __name__\n",
  "sample/__main__.py": "import sys\nfrom . import NAME\nprint('module', NAME, sys.argv[1:], __name__, __package__)\n",
  "sample/cli.py":
    "import sys\ndef main():\n    print('command', sys.argv)\n    return 3 if 'fail' in sys.argv else None\n",
  "sample.pth": "import sys; sys.sample_pth = True\n",
};

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
  for (const [file, text] of Object.entries(INSTALLED)) {
    fs.mkdirSync(path.dirname(path.join(site, file)), { recursive: true });
    fs.writeFileSync(path.join(site, file), text);
  }
  const command = path.join(environment, "bin", "sample-tool");
  fs.writeFileSync(command, `#!${interpreter}\nimport sys\nfrom sample.cli import main\nsys.exit(main())\n`);
  fs.chmodSync(command, 0o755);
}
