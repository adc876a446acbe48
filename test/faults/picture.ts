import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

/** Path -> kind, mode and content of everything in a folder as its readers see it; undefined where there is none. */
export type Picture = Readonly<Record<string, string>> | undefined;

/** What differs from one time to the next without anybody minding. */
const UNMINDED = /"(siteMtimeMs|generation|linkMode|plan|image)": ?([\d.]+|"\w+")/g;
/** Not there for readers: work that goes on, its marks, and what Python keeps for itself. */
const UNSEEN = /^(\.staging|\.pybun\.lock|\.pybun-swap|__pycache__|\..*\.tmp|\..*\.lock)$/;

/** Links within `within` are followed, so that what they lead to counts; those that lead out of it count as they are. */
export function pictureOf(folder: string, within: string): Picture {
  if (!fs.existsSync(folder)) return undefined;
  const picture: Record<string, string> = {};
  const visit = (file: string, name: string): void => {
    const seen = look(file, within);
    picture[name] = seen.what;
    if (!seen.isFolder) return;
    for (const child of fs.readdirSync(file)) {
      if (!UNSEEN.test(child)) visit(path.join(file, child), path.join(name, child));
    }
  };
  visit(folder, "");
  return picture;
}

function look(file: string, within: string): { readonly what: string; readonly isFolder: boolean } {
  const target = fs.lstatSync(file).isSymbolicLink() ? fs.readlinkSync(file) : undefined;
  if (target !== undefined && !path.resolve(path.dirname(file), target).startsWith(`${within}/`))
    return { what: `-> ${target}`, isFolder: false };
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return { what: `leads nowhere: ${target}`, isFolder: false };
  if (stat.isDirectory()) return { what: "folder", isFolder: true };
  const text = fs.readFileSync(file, "latin1").replace(UNMINDED, "");
  // In which order it notes its packages is of no meaning to anybody.
  const content =
    path.basename(file) === "pybun.json"
      ? text
          .split(/[\n,{}]+/)
          .filter((line) => line.trim() !== "")
          .sort()
          .join("\n")
      : text;
  const isProgram = (stat.mode & 0o111) !== 0;
  return {
    what: `${isProgram ? "program" : "file"} ${createHash("sha256").update(content).digest("hex")}`,
    isFolder: false,
  };
}

/**
 * `old`, `new`, `both`, or what is neither, with the first paths that say so. `grown` is all of the old with some of what
 * the new has beside it, where that may be.
 */
export function compare(now: Picture, [before, after]: readonly [Picture, Picture], mayGrow: boolean): string {
  const [isOld, isNew] = [differences(now, before).length === 0, differences(now, after).length === 0];
  if (isOld || isNew) return isOld && isNew ? "both" : isOld ? "old" : "new";
  if (mayGrow && now && before && after && isBetween(now, before, after)) return "grown";
  const [fromOld, fromNew] = [differences(now, before), differences(now, after)];
  const [other, nearest] = fromOld.length < fromNew.length ? ["old", fromOld] : ["new", fromNew];
  return `neither; differs from the ${other} in ${nearest.slice(0, 4).join(", ")} (${nearest.length} in all)`;
}

type Known = NonNullable<Picture>;
const isBetween = (now: Known, before: Known, after: Known): boolean =>
  Object.keys(before).every((name) => now[name] === before[name] || now[name] === after[name]) &&
  Object.keys(now).every((name) => now[name] === before[name] || now[name] === after[name]);

function differences(one: Picture, other: Picture): string[] {
  if (one === undefined || other === undefined)
    return one === other ? [] : [one === undefined ? "is not there" : "is there"];
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names]
    .filter((name) => one[name] !== other[name])
    .map((name) => `${name || "."} ${one[name] ?? "missing"}`);
}
