import fs from "node:fs";
import { fileURLToPath } from "node:url";
import type { StoreEntry } from "../../plugin-api/model/environment.ts";
import type { Perform } from "../../plugin-api/plugin.ts";
import { Store } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { wheelOfSource } from "../../plugin-api/source-build.ts";
import type { ArtifactQuery } from "../../plugin-api/stages.ts";
import { checkedSha256 } from "./check-digest.ts";
import { missing } from "./faults.ts";
import { obtain } from "./obtain.ts";

/** Answers for direct references and for every archive on this machine. */
const makeArtifact: Perform<"fetch.artifact"> = async (query, session) => {
  const { source, file } = query.pin;
  const isLocal = file.url.startsWith("file:");
  const isOurs = source.kind === "url" || source.kind === "path";
  if (!isOurs && !(source.kind === "index" && isLocal)) return undefined;
  const entry = isLocal ? await fromLocal(query, session) : await fromRemote(query, session);
  return { pin: query.pin, entry };
};
export default makeArtifact;

async function fromLocal(query: ArtifactQuery, session: Session): Promise<StoreEntry> {
  const { name, file } = query.pin;
  const local = fileURLToPath(file.url);
  const stat = fs.statSync(local, { throwIfNoEntry: false });
  if (stat === undefined) throw missing(local, `${name} @ ${file.url}`);
  const { filename, sha256 } = file;
  const digest = sha256 && { algorithm: "sha256", hex: sha256 };
  if (file.kind === "sdist") {
    if (digest && stat.isFile()) await checkedSha256(local, { filename, digest });
    return fromSource(query, local, session);
  }
  const checked = await checkedSha256(local, { filename, ...(digest && { digest }) });
  const store = await session.use(Store);
  return store.find(checked) ?? store.ingest({ path: local, filename, sha256: checked });
}

async function fromRemote(query: ArtifactQuery, session: Session): Promise<StoreEntry> {
  const { name, version, file } = query.pin;
  const { url, filename, sha256 } = file;
  const digest = sha256 && { algorithm: "sha256", hex: sha256 };
  const archive = await obtain({ name, version, url, filename, ...(digest && { digest }) }, session);
  return "entry" in archive ? archive.entry : fromSource(query, archive.path, session);
}

function fromSource({ pin, interpreter }: ArtifactQuery, path: string, session: Session): Promise<StoreEntry> {
  const { name, version, source } = pin;
  const subdirectory = "subdirectory" in source ? source.subdirectory : undefined;
  const want = source.kind === "path" && source.isEditable ? "editable" : "wheel";
  const below = subdirectory === undefined ? {} : { subdirectory };
  return wheelOfSource({ name, version, path, ...below, interpreter, want }, session);
}
