import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import {
  formatManifest,
  MANIFEST_FILE,
  type ManifestSignature,
  type MirroredFile,
  parseManifest,
  type ReadManifest,
  withSignature,
} from "../../plugin-api/mirror/manifest.ts";
import { parseSha256, type Sha256 } from "../../plugin-api/model/digest.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { parseSdistFilename } from "../../plugin-api/python/sdist-filename.ts";
import { parseWheelFilename } from "../../plugin-api/python/wheel-filename.ts";
import { exchange } from "../../plugin-api/system/native.ts";
import { htmlIndex, htmlPage, jsonIndex, jsonPage, type MirrorFile } from "./pages.ts";

/** Files of each project, by name in normal form. */
export type Projects = ReadonlyMap<string, readonly MirrorFile[]>;
/** A mirror as it is. */
export interface Mirror {
  readonly projects: Projects;
  /** Absent where there is none yet. */
  readonly manifest?: ReadManifest;
}

const INDEX = "simple";
/** Folder of all work in progress; nothing in it is part of the mirror. */
const STAGING = ".staging";

/** Folder of a project's archives. */
export const filesFolder = (root: string, name: string): string => path.join(root, "files", name);

/** Reads a mirror; an empty or missing folder is one without packages. Throws `E_MIRROR` for a folder that is none. */
export function readMirror(root: string): Mirror {
  const file = path.join(root, INDEX, MANIFEST_FILE);
  if (!fs.existsSync(file)) {
    const found = fs.existsSync(root) ? fs.readdirSync(root).filter((name) => !OWN.has(name)) : [];
    if (found.length === 0) return { projects: new Map() };
    throw new PybunError("E_MIRROR", `\`${root}\` holds something else than a mirror`, {
      evidence: found.slice(0, 5),
      hints: ["choose a folder that is not there yet, or an empty one"],
      context: { path: root },
    });
  }
  const manifest = parseManifest(fs.readFileSync(file, "utf8"), file);
  const names = fs.readdirSync(path.join(root, INDEX), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return { manifest, projects: new Map(names.map(({ name }) => [name, readProject(root, name, manifest)])) };
}

/** What an interrupted call leaves in a folder that had no mirror before. */
const OWN = new Set(["files", STAGING, ".pybun.lock"]);

function readProject(root: string, name: string, { manifest }: ReadManifest): readonly MirrorFile[] {
  const place = path.join(root, INDEX, name, "index.json");
  try {
    const { files } = JSON.parse(fs.readFileSync(place, "utf8")) as { readonly files: readonly JsonFile[] };
    const read = files.map((file) => readFile(name, file));
    for (const { filename, sizeBytes } of read) {
      const listed = manifest.files.get(`files/${name}/${filename}`);
      const stat = fs.statSync(path.join(filesFolder(root, name), filename), { throwIfNoEntry: false });
      if (listed?.sizeBytes !== sizeBytes || stat?.size !== sizeBytes)
        throw new Error(`${filename} is not what it was`);
    }
    return read;
  } catch (cause) {
    throw new PybunError("E_MIRROR", `the mirror's page of \`${name}\` is damaged`, {
      evidence: [place, (cause as Error).message],
      hints: ["make the mirror anew in another folder"],
      context: { path: place },
      cause,
    });
  }
}

interface JsonFile {
  readonly filename: string;
  readonly hashes: { readonly sha256: string };
  readonly size: number;
  readonly "requires-python"?: string;
  readonly "upload-time"?: string;
  readonly yanked: boolean | string;
  readonly "core-metadata": false | { readonly sha256: string };
}

function readFile(name: string, file: JsonFile): MirrorFile {
  const { filename, hashes, size, yanked } = file;
  const [requiresPython, uploaded, metadata] = [file["requires-python"], file["upload-time"], file["core-metadata"]];
  return {
    filename,
    version: versionOf(name, filename),
    sha256: digest(hashes.sha256),
    sizeBytes: size,
    isYanked: yanked !== false,
    ...(typeof yanked === "string" && { yankedReason: yanked }),
    ...(requiresPython !== undefined && { requiresPython }),
    ...(uploaded !== undefined && { uploadedAtMs: Date.parse(uploaded) }),
    ...(metadata !== false && { metadataSha256: digest(metadata.sha256) }),
  };
}

/** The version that a file's name says. Throws InvalidSyntax. */
export const versionOf = (name: string, filename: string): string =>
  filename.endsWith(".whl")
    ? parseWheelFilename(filename).version
    : parseSdistFilename(filename, normalizeName(name)).version;

function digest(text: string): Sha256 {
  const sha256 = parseSha256(text);
  if (sha256 === undefined) throw new Error(`no digest: ${text}`);
  return sha256;
}

/** What a mirror becomes. */
export interface Writing {
  readonly projects: Projects;
  readonly createdAtMs: number;
  readonly expiresAtMs?: number;
  readonly sign?: (text: string) => ManifestSignature;
}

/**
 * Writes all pages and the manifest, and puts them into place in one step: whoever reads the mirror meanwhile, and whatever
 * interrupts the writing, it is the old or the new one. The archives have to be there.
 */
export function writeMirror(root: string, { projects, sign, ...times }: Writing): void {
  const staging = path.join(root, STAGING);
  const staged = path.join(staging, INDEX);
  fs.rmSync(staging, { recursive: true, force: true });
  try {
    const files = new Map<string, MirroredFile>();
    const add = (relative: string, content: string): void => {
      fs.mkdirSync(path.dirname(path.join(staging, relative)), { recursive: true });
      fs.writeFileSync(path.join(staging, relative), content);
      const bytes = Buffer.from(content);
      files.set(relative, { sha256: digestOf(bytes), sizeBytes: bytes.length });
    };
    const names = [...projects.keys()].sort();
    add(`${INDEX}/index.json`, jsonIndex(names));
    add(`${INDEX}/index.html`, htmlIndex(names));
    for (const name of names) {
      const list = [...(projects.get(name) as readonly MirrorFile[])].sort((a, b) =>
        a.filename < b.filename ? -1 : 1,
      );
      add(`${INDEX}/${name}/index.json`, jsonPage(name, list));
      add(`${INDEX}/${name}/index.html`, htmlPage(name, list));
      for (const file of list) addArchive(files, { root, name, file });
    }
    const text = formatManifest({ ...times, files });
    fs.writeFileSync(path.join(staged, MANIFEST_FILE), sign ? withSignature(text, sign(text)) : text);
    putInPlace(root, staged);
  } finally {
    fs.rmSync(staging, { recursive: true, force: true });
  }
}

function addArchive(
  files: Map<string, MirroredFile>,
  { root, name, file }: { readonly root: string; readonly name: string; readonly file: MirrorFile },
): void {
  const { filename, sha256, sizeBytes, metadataSha256 } = file;
  files.set(`files/${name}/${filename}`, { sha256, sizeBytes });
  if (metadataSha256 === undefined) return;
  const metadata = fs.statSync(path.join(filesFolder(root, name), `${filename}.metadata`));
  files.set(`files/${name}/${filename}.metadata`, { sha256: metadataSha256, sizeBytes: metadata.size });
}

function putInPlace(root: string, staged: string): void {
  const index = path.join(root, INDEX);
  if (!fs.existsSync(index)) return fs.renameSync(staged, index);
  if (exchange(staged, index)) return;
  // Where a system knows no exchange there is a moment without an index, and none with half of one.
  fs.renameSync(index, `${staged}.old`);
  fs.renameSync(staged, index);
}

const digestOf = (bytes: Uint8Array): Sha256 => digest(createHash("sha256").update(bytes).digest("hex"));
