import fs from "node:fs";
import path from "node:path";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import { type PathLine, readPathFile } from "../../plugin-api/python/path-file.ts";
import type { LinkInput } from "../../plugin-api/stages.ts";
import { withoutControls } from "../../plugin-api/text/style.ts";
import type { Suspect } from "./gate.ts";
import { isNamespaceFile } from "./namespace-file.ts";
import { isInStdlib } from "./stdlib.ts";

/** Something that acts at every start of Python, or may, as it is shown, agreed to and refused. */
export interface Hook {
  readonly package: string;
  readonly version: string;
  /** Relative to site-packages. */
  readonly file: string;
  /** `shadow`: it has the name of a module of the standard library. */
  readonly kind: "code" | "shadow";
  /** What runs, in one line for people; empty for a module that is compiled. */
  readonly line: string;
  /** 1-based, where it is one line of several. */
  readonly lineNumber?: number;
  /** Of the file, or of names and contents of a folder's files. */
  readonly sha256: Sha256;
}

/** The hook a suspect is; undefined when it is none after all. */
export function hookOf(suspect: Suspect, input: Pick<LinkInput, "plan" | "artifacts">): Hook | undefined {
  const { artifact, kind } = suspect;
  const source = `${artifact.entry.path}/tree/${suspect.path}`;
  const file = suspect.path.replace(/^[^/]+\.data\/data\/(?:.*\/)?(?:site|dist)-packages\//i, "");
  const about = { package: artifact.pin.name, version: artifact.pin.version, file };
  if (kind === "shadow") {
    if (!isInStdlib(file.replace(/\..*$/, ""), input.plan.destination.interpreter)) return undefined;
    return { ...about, kind: "shadow", line: "", sha256: digestOf(source) };
  }
  const acting: Acting | undefined = file.endsWith(".pth") ? actingPathLine(source, input) : firstLine(source);
  if (acting === undefined) return undefined;
  const { number, text, modules = [] } = acting;
  const lineNumber = number === 0 ? {} : { lineNumber: number };
  const own = digestOf(siteModuleFolder(source));
  const sha256 = modules.length === 0 ? own : sha256Of([own, ...modules.map(digestOf)].join("\n"));
  return { ...about, kind: "code", line: oneLine(text, source), ...lineNumber, sha256 };
}

/** A line that acts, and the modules it leads to: consent is to their content, too. */
interface Acting extends PathLine {
  /** Absolute. */
  readonly modules?: readonly string[];
}

/** A package named `sitecustomize` is all of its folder. */
const siteModuleFolder = (source: string): string =>
  /\/(?:sitecustomize|usercustomize)\/__init__\.[^/]+$/.test(source) ? path.dirname(source) : source;

/** What a path file does beside adding folders of its own; undefined also for what setuptools writes for namespaces. */
function actingPathLine(source: string, input: Pick<LinkInput, "plan" | "artifacts">): Acting | undefined {
  const text = fs.readFileSync(source, "utf8");
  const { executed, folders } = readPathFile(text);
  const [first] = executed;
  if (!first) {
    const leading = folders.find((line) => leadsOut(line.text) || siteModules(line.text, input).length > 0);
    return leading && { ...leading, modules: folders.flatMap((line) => siteModules(line.text, input)) };
  }
  // All of it is shown: code may hide behind a harmless line.
  return isNamespaceFile(text) ? undefined : { ...first, text: executed.map((line) => line.text).join(" | ") };
}

/** The first line that is neither empty nor a comment; none of a module that is compiled. */
function firstLine(source: string): PathLine {
  const text = /\.(?:start|py)$/.test(source) ? fs.readFileSync(source, "utf8") : "";
  const lines = text.split("\n").map((line, index) => ({ number: index + 1, text: line.trim() }));
  return lines.find((line) => line.text !== "" && !line.text.startsWith("#")) ?? { number: 0, text: "" };
}

/** A `.pth` file without code can still lead to some: out of site-packages … */
function leadsOut(folder: string): boolean {
  const relative = relativeOf(folder);
  return relative === ".." || relative.startsWith("../") || path.isAbsolute(folder) || /^[a-z]:/i.test(folder);
}

/** … or into a folder with a `sitecustomize`, which Python imports after all path files. Absolute paths. */
function siteModules(folder: string, { plan, artifacts }: Pick<LinkInput, "plan" | "artifacts">): readonly string[] {
  if (leadsOut(folder)) return [];
  const site = plan.existing?.sitePackages;
  const roots = [...artifacts.map(({ entry }) => `${entry.path}/tree`), ...(site === undefined ? [] : [site])];
  return roots.flatMap((root) => {
    const place = path.join(root, relativeOf(folder));
    const isFolder = fs.statSync(place, { throwIfNoEntry: false })?.isDirectory();
    const names = isFolder ? fs.readdirSync(place).filter((name) => SITE_MODULE.test(name)) : [];
    return names.sort().map((name) => path.join(place, name));
  });
}

const SITE_MODULE = /^(?:sitecustomize|usercustomize)(?:\.|$)/;
const relativeOf = (folder: string): string => path.posix.normalize(folder.replaceAll("\\", "/"));

/** Of a folder without byte-code, which is made of the rest. */
function digestOf(source: string): Sha256 {
  if (!fs.statSync(source).isDirectory()) return sha256Of(fs.readFileSync(source));
  const files = fs
    .readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.split(path.sep).includes("__pycache__"))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  const rows = files.map((file) => `${path.relative(source, file)}\0${sha256Of(fs.readFileSync(file))}\n`);
  return sha256Of(rows.join(""));
}

const LONGEST = 400;
const INVISIBLE = /\p{Cf}/gu;

/** Blanks that push code out of sight are taken together, and what can't be seen is taken out. */
function oneLine(text: string, source: string): string {
  const line = withoutControls(text).replace(INVISIBLE, "").replace(/\s+/g, " ").trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST)}… (${line.length} characters, all in ${source})`;
}
