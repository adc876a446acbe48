import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { randomName } from "../../plugin-api/hash/native.ts";
import type { StoreEntry } from "../../plugin-api/model/environment.ts";
import type { Perform } from "../../plugin-api/plugin.ts";
import { Store } from "../../plugin-api/services.ts";
import type { ArtifactQuery } from "../../plugin-api/stages.ts";
import { sha256OfFile } from "../../plugin-api/system/file-digest.ts";
import { checkOtherDigest } from "../../plugin-api/system/stated-digest.ts";
import { dropArtifact, ensureArtifact } from "./artifacts.ts";
import { fetchFile } from "./fetch-file.ts";
import { artifactPath, isLocal } from "./file-identity.ts";
import { checkMetadata } from "./metadata-truth.ts";
import { IndexState } from "./state.ts";

/** Brings the wheel of a pin into the store: downloaded and checked, or built from its source archive. */
const bringArtifact: Perform<"fetch.artifact"> = async (query, session) => {
  const { pin } = query;
  if (pin.source.kind !== "index") return undefined;
  const state = await session.use(IndexState);
  if (pin.file.kind === "sdist") return { pin, entry: await build(query, state) };
  const key = `wheel ${artifactPath(state.artifactsDir, pin.file)}`;
  return { pin, entry: await state.flights.share(key, () => bringWheel(query, state)) };
};
export default bringArtifact;

async function bringWheel({ pin }: ArtifactQuery, state: IndexState): Promise<StoreEntry> {
  const store = await state.session.use(Store);
  const { file } = pin;
  const wheel = { filename: file.filename, ...(file.sha256 && { sha256: file.sha256 }) };
  if (isLocal(file)) {
    await checkOtherDigest(fileURLToPath(file.url), file);
    return store.ingest({ ...wheel, path: fileURLToPath(file.url) });
  }
  const kept = artifactPath(state.artifactsDir, file);
  if (fs.existsSync(kept)) {
    const entry = await store.ingest({ ...wheel, path: kept });
    dropArtifact(file, state);
    return entry;
  }
  const download = path.join(store.temporaryDir, `${randomName(6)}-${file.filename}`);
  try {
    await fetchFile({ name: pin.name, version: pin.version, file, path: download }, state);
    const entry = await store.ingest({ ...wheel, path: download, isHashed: true });
    if (file.hasMetadataFile) await checkMetadata(pin, entry, state);
    return entry;
  } finally {
    fs.rmSync(download, { force: true });
  }
}

async function build({ pin, interpreter }: ArtifactQuery, state: IndexState): Promise<StoreEntry> {
  const { name, version, file } = pin;
  const archive = isLocal(file) ? fileURLToPath(file.url) : await ensureArtifact({ name, version, file }, state);
  if (isLocal(file)) await checkOtherDigest(archive, file);
  const built = await state.session.run("build", { name, version, path: archive, interpreter, want: "wheel" });
  const store = await state.session.use(Store);
  const sha256 = await sha256OfFile(built.path);
  return store.find(sha256) ?? store.ingest({ path: built.path, filename: path.basename(built.path), sha256 });
}
