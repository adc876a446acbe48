import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { StoreEntry } from "../../plugin-api/model/environment.ts";
import type { Perform } from "../../plugin-api/plugin.ts";
import { Store } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { ArtifactQuery } from "../../plugin-api/stages.ts";
import { sha256OfFile } from "../../plugin-api/system/file-digest.ts";
import { checkedSha256 } from "./check-digest.ts";
import { missing } from "./faults.ts";
import { obtain } from "./obtain.ts";

/** Answers for direct references and for every archive on this machine. Editable installs are somebody else's. */
const makeArtifact: Perform<"fetch.artifact"> = async (query, session) => {
  const { source, file } = query.pin;
  const isLocal = file.url.startsWith("file:");
  const isOurs = source.kind === "url" || (source.kind === "path" && !source.isEditable);
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

/** Builds the wheel; the same wheel built twice is in the store once. */
async function fromSource({ pin, interpreter }: ArtifactQuery, source: string, session: Session): Promise<StoreEntry> {
  const { name, version } = pin;
  const subdirectory = "subdirectory" in pin.source ? pin.source.subdirectory : undefined;
  const { path: wheel } = await session.run("build", {
    name,
    version,
    path: source,
    ...(subdirectory !== undefined && { subdirectory }),
    interpreter,
    want: "wheel",
  });
  const sha256 = await sha256OfFile(wheel);
  const store = await session.use(Store);
  return store.find(sha256) ?? store.ingest({ path: wheel, filename: path.basename(wheel), sha256 });
}
