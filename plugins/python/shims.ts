import fs from "node:fs";
import path from "node:path";
import { keptByState } from "../../plugin-api/system/settled-state.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** A version manager: where it lives, and below that the folder with one folder per installed Python. */
interface VersionManager {
  readonly program: string;
  readonly variable: string;
  /** Below the home directory. */
  readonly home: string;
  readonly installs: string;
}

const MANAGERS: readonly VersionManager[] = [
  { program: "pyenv", variable: "PYENV_ROOT", home: ".pyenv", installs: "versions" },
  { program: "asdf", variable: "ASDF_DATA_DIR", home: ".asdf", installs: "installs/python" },
  { program: "mise", variable: "MISE_DATA_DIR", home: ".local/share/mise", installs: "installs/python" },
  { program: "rye", variable: "RYE_HOME", home: ".rye", installs: "py" },
];

export const pyenvRoot = (env: Env, home: string): string => env["PYENV_ROOT"] || path.join(home, ".pyenv");

/** Folders that hold one folder per Python which the manager behind this shim folder installed; undefined for any other folder. */
export function installsBehindShims(folder: string, env: Env, home: string): string | undefined {
  if (!folder.includes("shims")) return undefined;
  for (const manager of MANAGERS) {
    const root = env[manager.variable] || path.join(home, manager.home);
    if (folder === path.join(root, "shims")) return path.join(root, manager.installs);
  }
  // pyenv-virtualenv and moved installations: the folder's own path names the manager.
  const owner = MANAGERS.find(({ program }) =>
    new RegExp(`[/\\\\]\\.?${program}(-win)?[/\\\\](.*[/\\\\])?shims$`).test(folder),
  );
  if (!owner) return undefined;
  return path.join(folder.slice(0, folder.lastIndexOf("shims")), owner.installs);
}

const SHIM_SCRIPT = /\b(?:pyenv|asdf|mise|rye|rtx)["']?\s+(?:exec|x|shim)\b/;

/** An executable that only picks another one: a manager's script, or a link to the manager itself. Reads, never runs. */
export function isShim(real: string, platform: string): boolean {
  if (!/^(?:python|pypy|graalpy)/i.test(path.basename(real))) return true;
  // Apple's /usr/bin/python3 opens a dialogue when the developer tools are missing; theirs is found in its own folder.
  if (platform === "darwin" && real === "/usr/bin/python3") return true;
  if (platform === "win32") return /[/\\]WindowsApps[/\\]/i.test(real);
  return isShimScript(real);
}

const isShimScript = keptByState(20, (real) => {
  const head = readHead(real, 4096);
  return head.startsWith("#!") && SHIM_SCRIPT.test(head);
});

/** Wrappers are scripts too, but run one Python only. */
export const isScript = (real: string): boolean => readHead(real, 2) === "#!";

function readHead(file: string, size: number): string {
  const fd = fs.openSync(file, "r");
  try {
    const head = Buffer.alloc(size);
    return head.toString("latin1", 0, fs.readSync(fd, head, 0, size, 0));
  } finally {
    fs.closeSync(fd);
  }
}
