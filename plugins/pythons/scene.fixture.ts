import { createHash } from "node:crypto";
import path from "node:path";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import { Clock, Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { packFakePython } from "../../test/harness/fake-python-tar.ts";
import { writePythonMirror } from "../../test/harness/python-mirror.ts";
import { type PythonArchive, readArchivePath } from "./archive-name.ts";
import { ensureInstalled } from "./ensure.ts";
import { takeAway, withStaging } from "./staging.ts";

/** A folder with a mirror of one small Python in it. */
export function writeScene(root: string): void {
  writePythonMirror(path.join(root, "mirror"), [packFakePython({ version: "3.12.90" })]);
}

/** What is done with the Python of a scene, as the commands do it, in this process. */
export async function act(what: "install" | "reinstall" | "remove", root: string): Promise<void> {
  const session = sessionIn(root);
  const archive = archiveOf();
  if (what === "remove") return withStaging(nameOf(archive), session, async (staging) => takeAway(staging));
  const base = new URL(`file://${path.join(root, "mirror")}`).href;
  const sources = { archives: [archive], base, isLocal: true, target: archive.target };
  await ensureInstalled(archive, { sources, isReinstalled: what === "reinstall" }, session);
}

export const nameOf = ({ version, target }: PythonArchive): string => `cpython-${version}-${target}`;

export function archiveOf(): PythonArchive {
  const { path: file, bytes } = packFakePython({ version: "3.12.90" });
  const sha256 = createHash("sha256").update(bytes).digest("hex") as Sha256;
  const archive = readArchivePath(file, { sha256 });
  if (archive === undefined) throw new Error(`no archive of ours: ${file}`);
  return archive;
}

function sessionIn(root: string): Session {
  const host = {
    env: process.env,
    home: root,
    platform: process.platform,
    dataDir: path.join(root, "data"),
    isOffline: false,
  };
  const given: Readonly<Record<string, unknown>> = { [Host.name]: host, [Clock.name]: { nowMs: Date.now } };
  return {
    cwd: root,
    signal: new AbortController().signal,
    settings: {},
    emit: () => {},
    use: async ({ name }: { readonly name: string }) => given[name],
  } as unknown as Session;
}
