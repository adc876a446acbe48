import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import type { Destination } from "../../plugin-api/model/environment.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import { layoutOf } from "./protected.ts";

/** What is where the environment shall be: nothing, one to change, one to replace, the installation of a Python, or a mere folder. */
export type State = "absent" | "there" | "to be replaced" | "installation" | "folder";

/** Throws `E_ENV_EXISTS` when the place is taken by something else. */
export function stateOf({ root, interpreter, isRebuilt, scheme }: Destination): State {
  if (scheme) return "folder";
  if (fs.existsSync(path.join(root, "pyvenv.cfg")))
    return isRebuilt || !isOf(root, interpreter) ? "to be replaced" : "there";
  const stat = fs.statSync(root, { throwIfNoEntry: false });
  if (!stat || (stat.isDirectory() && isEmpty(root))) return "absent";
  if (!interpreter.isVirtual && isSame(root, interpreter.prefix)) return "installation";
  throw new PybunError("E_ENV_EXISTS", `\`${root}\` is not an environment, and has something else in it`, {
    evidence: ["nothing was changed"],
    hints: ["choose another folder: `pybun venv PATH`"],
    context: { path: root },
  });
}

/** A crash may have left our own folders there. */
const isEmpty = (folder: string): boolean =>
  fs.readdirSync(folder).every((name) => name === ".staging" || name === ".pybun.lock");

/** Whether the environment was made with this interpreter, or with another name of it. */
function isOf(root: string, interpreter: Interpreter): boolean {
  const { scripts, site } = layoutOf(interpreter.scheme);
  const executable = [path.join(root, scripts, "python"), path.join(root, scripts, "python.exe")].find((file) =>
    fs.existsSync(file),
  );
  if (executable === undefined || !fs.existsSync(path.join(root, path.posix.dirname(site)))) return false;
  const real = fs.realpathSync(executable);
  const isCopy = real.startsWith(fs.realpathSync(root) + path.sep);
  return isCopy || real === realOf(interpreter.basePath);
}

const isSame = (one: string, other: string): boolean => realOf(one) === realOf(other);

function realOf(file: string): string {
  try {
    return fs.realpathSync(file);
  } catch {
    return file;
  }
}
