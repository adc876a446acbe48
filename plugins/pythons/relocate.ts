import fs from "node:fs";
import path from "node:path";

/** Where the builders' interpreters believe to be installed. */
const BUILT_FOR = /(?<![\w./-])\/install(?=[/'"\s:,]|$)/g;
const PLAIN_PATH = /^[\w./+@ -]+$/;

/**
 * Makes an installation know its own place and this machine's compilers: what builds extension modules asks
 * `sysconfig` for both, and gets the build machine's otherwise. `place` is where the folder `root` will be.
 */
export function relocate(root: string, stdlib: string, place: string): void {
  if (!PLAIN_PATH.test(place)) return;
  const data = fs.readdirSync(stdlib).filter((name) => /^_sysconfigdata_.*\.py$/.test(name));
  for (const name of data) rewrite(path.join(stdlib, name), (text) => withOwnTools(text.replace(BUILT_FOR, place)));
  const packages = path.join(root, "lib", "pkgconfig");
  for (const name of fs.existsSync(packages) ? fs.readdirSync(packages) : []) {
    const file = path.join(packages, name);
    if (name.endsWith(".pc") && fs.lstatSync(file).isFile()) rewrite(file, (text) => text.replace(BUILT_FOR, place));
  }
}

/** The compiler that built Python is seldom there; every system calls its own `cc`, `c++` and `ar`. */
function withOwnTools(text: string): string {
  const tool = (name: string): RegExp => new RegExp(`(?<=['" ])(?:/tools/[\\w./-]*/)?${name}(?=['" ])`, "g");
  return text.replace(tool("clang\\+\\+"), "c++").replace(tool("clang"), "cc").replace(tool("llvm-ar"), "ar");
}

function rewrite(file: string, change: (text: string) => string): void {
  const text = fs.readFileSync(file, "utf8");
  const changed = change(text);
  if (changed !== text) fs.writeFileSync(file, changed);
}

/** Says that this installation's packages are not pip's to change (PEP 668): all environments share it. */
export const markManaged = (stdlib: string): void => fs.writeFileSync(path.join(stdlib, "EXTERNALLY-MANAGED"), MARKER);

const MARKER = `[externally-managed]
Error=PyBun installed this Python, and environments share it.
 Make an environment for your packages:
 .
 pybun venv
 .
 or use \`pybun add\` in a project.
`;
