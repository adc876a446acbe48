import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { InvalidSyntax, PybunError } from "../../plugin-api/error.ts";
import { parseSha256 } from "../../plugin-api/model/digest.ts";
import type { DistributionFile, Source } from "../../plugin-api/model/distribution.ts";
import { type Interpreter, targetOf } from "../../plugin-api/model/interpreter.ts";
import type { Pin } from "../../plugin-api/model/resolution.ts";
import { formatGitUrl } from "../../plugin-api/python/git-url.ts";
import {
  type Pylock,
  type PylockArchive,
  type PylockFile,
  type PylockVcs,
  parsePylock,
} from "../../plugin-api/python/pylock.ts";
import { type PylockChoice, type PylockSelection, selectPylock } from "../../plugin-api/python/pylock-select.ts";
import type { Session } from "../../plugin-api/session.ts";

/** A standard lock and what of it is to be installed. */
export interface PylockOrder {
  /** Absolute path. */
  readonly file: string;
  /** As people see it. */
  readonly shown: string;
  readonly interpreter: Interpreter;
  readonly choice: PylockChoice;
}

/** What a standard lock (PEP 751) says to install here. Throws `E_LOCK_INVALID`, `E_LOCK_TARGET` and what looking into folders throws. */
export async function pylockPins(order: PylockOrder, session: Session): Promise<readonly Pin[]> {
  const pylock = read(order);
  const selected = selectPylock(pylock, targetOf(order.interpreter), order.choice);
  return Promise.all(selected.map((each) => pinOf(each, order, session)));
}

function read({ file, shown }: PylockOrder): Pylock {
  try {
    return parsePylock(fs.readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof InvalidSyntax)
      throw new PybunError("E_LOCK_INVALID", `${shown} is no lock of the standard's form: ${error.message}`, { file });
    throw error;
  }
}

type Placed = Pick<Pin, "source" | "file">;

async function pinOf({ package: entry, pick }: PylockSelection, order: PylockOrder, session: Session): Promise<Pin> {
  const { name, index } = entry;
  const about = { ...order, what: entry.version === undefined ? name : `${name} ${entry.version}` };
  const placed: Placed =
    pick.kind === "directory"
      ? ofTree(pick, about)
      : pick.kind === "vcs"
        ? ofCommit(pick, about)
        : pick.kind === "archive"
          ? ofArchive(pick, about)
          : {
              source: { kind: "index", index: index ?? order.shown },
              file: { ...fileOf(pick.file, about), kind: pick.kind, filename: pick.file.filename },
            };
  const version = entry.version ?? (await versionOf(name, placed, { order, session }));
  return { name, version, ...placed, extras: [], dependencies: [], isDirect: false };
}

interface About extends PylockOrder {
  readonly what: string;
}

const beside = ({ file }: PylockOrder, relative: string): string => path.resolve(path.dirname(file), relative);
const plain = { isYanked: false, hasMetadataFile: false } as const;

function ofTree(pick: Extract<PylockSelection["pick"], { readonly kind: "directory" }>, about: About): Placed {
  const folder = beside(about, pick.path);
  const below = pick.subdirectory === undefined ? {} : { subdirectory: pick.subdirectory };
  return {
    source: { kind: "path", path: folder, ...(pick.isEditable && { isEditable: true }), ...below },
    file: { filename: path.basename(folder), kind: "sdist", url: pathToFileURL(folder).href, ...plain },
  };
}

function ofCommit({ type, url, path: local, commitId, ...rest }: PylockVcs, about: About): Placed {
  if (type !== "git") throw unusable(about, `comes from a repository of \`${type}\`, and only git is understood`);
  const source: Extract<Source, { readonly kind: "git" }> = {
    kind: "git",
    url: url ?? pathToFileURL(beside(about, local as string)).href,
    commit: commitId,
    ...(rest.requestedRevision !== undefined && { reference: rest.requestedRevision }),
    ...(rest.subdirectory !== undefined && { subdirectory: rest.subdirectory }),
  };
  const filename = `${about.what.split(" ", 1)[0]}-${commitId.slice(0, 12)}`;
  return { source, file: { filename, kind: "sdist", url: formatGitUrl({ ...source, reference: commitId }), ...plain } };
}

function ofArchive(pick: PylockArchive, about: About): Placed {
  const content = fileOf(pick, about);
  const filename = decodeURIComponent(new URL(content.url).pathname.split("/").at(-1) as string);
  const below = pick.subdirectory === undefined ? {} : { subdirectory: pick.subdirectory };
  const source: Source = content.url.startsWith("file:")
    ? { kind: "path", path: fileURLToPath(content.url), ...below }
    : { kind: "url", url: content.url, ...below };
  return { source, file: { ...content, filename, kind: filename.endsWith(".whl") ? "wheel" : "sdist" } };
}

/** The size is held to where it costs nothing; the digest always is. */
function fileOf(file: PylockArchive | PylockFile, about: About): Omit<DistributionFile, "filename" | "kind"> {
  const sha256 = parseSha256(file.hashes["sha256"] ?? "");
  if (sha256 === undefined) throw unusable(about, `has no SHA-256, only ${Object.keys(file.hashes).sort().join(", ")}`);
  const local = file.path === undefined ? undefined : beside(about, file.path);
  const isHere = local !== undefined && (file.url === undefined || fs.existsSync(local));
  if (isHere && file.sizeBytes !== undefined && fs.statSync(local).size !== file.sizeBytes)
    throw new PybunError("E_HASH_MISMATCH", `\`${about.what}\` is not the file that is locked`, {
      evidence: [
        `file      ${local}`,
        `expected  ${file.sizeBytes} bytes`,
        `got       ${fs.statSync(local).size} bytes`,
      ],
    });
  return {
    url: isHere ? pathToFileURL(local).href : (file.url as string),
    sha256,
    ...(file.sizeBytes !== undefined && { sizeBytes: file.sizeBytes }),
    ...plain,
  };
}

const unusable = ({ what, shown }: About, why: string): PybunError =>
  new PybunError("E_LOCK_TARGET", `\`${what}\` of ${shown} ${why}`);

/** Of folders the lock does not say it, since it changes. */
async function versionOf(
  name: Pin["name"],
  { source, file }: Placed,
  { order, session }: { readonly order: PylockOrder; readonly session: Session },
): Promise<string> {
  const below = "subdirectory" in source && source.subdirectory ? `#subdirectory=${source.subdirectory}` : "";
  const url = source.kind === "git" ? formatGitUrl({ ...source, reference: source.commit }) : file.url + below;
  const requirement = { name, extras: [], specifier: "", marker: "", url };
  const [page] = await session.run("fetch.versions", { name, requirement, interpreter: order.interpreter });
  return page?.version(0) ?? "0";
}
