import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

/** What a call left on the disk, in a form in which pip and PyBun are to be equal: path -> what is there. */
export type Traces = Readonly<Record<string, string>>;

/** Each installer's own, and what Python makes by itself. */
const LEFT_OUT = /(?:^|\/)(?:__pycache__|\.git|\.pybun|\.pybun\.lock|pybun\.json|\.gitignore|\.staging)(?:\/|$)/;
/** Scripts for entry points are in each installer's own words. */
const ENTRY_POINT = /sys\.exit\(/;

/** A side's environment and working directory; `root` is what differs between the two, wherever it is told. */
export function tracesOf({ root }: { readonly root: string }): Traces {
  const found: Record<string, string> = {};
  const visit = (relative: string): void => {
    for (const name of fs.readdirSync(path.join(root, relative)).sort()) {
      const at = `${relative}/${name}`;
      if (LEFT_OUT.test(at)) continue;
      // Links are what they lead to: how files get into an environment is no matter of what is in it.
      const stat = fs.statSync(path.join(root, at), { throwIfNoEntry: false });
      if (stat?.isDirectory()) visit(at);
      else if (stat) found[at] = contentOf(path.join(root, at), at, root);
      else found[at] = "leads nowhere";
    }
  };
  for (const part of ["env", "work"]) visit(part);
  return found;
}

function contentOf(file: string, relative: string, root: string): string {
  const name = path.basename(relative);
  const bytes = fs.readFileSync(file);
  const mode = (fs.statSync(file).mode & 0o111) === 0 ? "" : "x ";
  if (name === "INSTALLER") return "an installer";
  if (name === "RECORD") return recordOf(bytes.toString(), relative);
  if (name === "direct_url.json") return directUrlOf(bytes.toString().replaceAll(root, "{root}"));
  if (name.endsWith(".whl")) return "a wheel";
  const text = bytes.toString().replaceAll(root, "{root}");
  if (text.startsWith("#!") && ENTRY_POINT.test(text)) return `${mode}an entry point`;
  return mode + (text.length < 200 ? text : createHash("sha256").update(text).digest("hex"));
}

/** Which files it lists, and the hashes of what the wheel brought; scripts, and what installers write, have their own. */
function recordOf(text: string, relative: string): string {
  const info = path.basename(path.dirname(relative));
  const rows = text.split(/\r?\n/).filter((row) => row !== "" && !/\.pyc,|__pycache__/.test(row));
  return rows
    .map((row) => {
      const [, file = "", rest = ""] = /^("(?:[^"]|"")*"|[^,]*),(.*)$/.exec(row) ?? [];
      const isOwn = file.startsWith(`${info}/`) && /\/(?:INSTALLER|RECORD|REQUESTED|direct_url\.json)$/.test(file);
      // These say where the environment or the project is.
      const isOfPlace = /^(?:\.\.\/)+bin\/|\.pth$/.test(file);
      return isOwn || isOfPlace ? file : `${file},${rest}`;
    })
    .filter((row) => !/^[^.][^,]*,,$/.test(row)) // links
    .sort()
    .join("\n");
}

/** Hashes in one form: the older field says the same as the newer. */
function directUrlOf(text: string): string {
  const data = JSON.parse(text) as { archive_info?: { hash?: string; hashes?: Record<string, string> } };
  const { archive_info: archive } = data;
  if (archive?.hash !== undefined) {
    const [algorithm = "", hex = ""] = archive.hash.split("=");
    data.archive_info = { hashes: { [algorithm]: hex } };
  }
  return JSON.stringify(data, (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** Differences, one line each: `- path: what pip left`, `+ path: what PyBun left`. */
export function differences(pip: Traces, pybun: Traces): readonly string[] {
  const paths = [...new Set([...Object.keys(pip), ...Object.keys(pybun)])].sort();
  return paths.flatMap((at) => {
    if (pip[at] === pybun[at]) return [];
    return [...(at in pip ? [`- ${at}: ${pip[at]}`] : []), ...(at in pybun ? [`+ ${at}: ${pybun[at]}`] : [])];
  });
}
