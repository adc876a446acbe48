import fs from "node:fs";
import path from "node:path";
import { readSourceMetadata } from "./archive/source-metadata.ts";
import type { StoreEntry } from "./model/environment.ts";
import type { Interpreter } from "./model/interpreter.ts";
import { parseMetadata } from "./page/metadata-table.ts";
import type { SourceMetadata } from "./python/source-metadata.ts";
import { Interpreters, Store } from "./services.ts";
import type { Session } from "./session.ts";
import type { BuildInput } from "./stages.ts";
import { sha256OfFile } from "./system/file-digest.ts";

/** A source archive or tree on this machine. `version` is empty when it is not known yet. */
export type SourceOrder = Omit<BuildInput, "interpreter" | "want"> & {
  /** Without one, whichever is found. */
  readonly interpreter?: Interpreter;
};

/**
 * What the sources say by themselves (PEP 643, PEP 621), else what their build backend says (PEP 517). Throws what the archive
 * readers and the stage `build` throw, and `E_METADATA`.
 */
export async function metadataOfSource(order: SourceOrder, session: Session): Promise<SourceMetadata> {
  return (await readSourceMetadata(order.path, order.subdirectory)) ?? builtMetadata(order, session);
}

async function builtMetadata(order: SourceOrder, session: Session): Promise<SourceMetadata> {
  const interpreter = order.interpreter ?? (await (await session.use(Interpreters)).find({}));
  const { path: folder } = await session.run("build", { ...order, interpreter, want: "metadata" });
  return parseMetadata(fs.readFileSync(path.join(folder, "METADATA")), path.basename(order.path));
}

/** Builds the sources into a wheel in the store; the same wheel built twice is there once. Throws what `build` and `Store` throw. */
export async function wheelOfSource(input: BuildInput, session: Session): Promise<StoreEntry> {
  const { path: wheel } = await session.run("build", input);
  const sha256 = await sha256OfFile(wheel);
  const store = await session.use(Store);
  return store.find(sha256) ?? store.ingest({ path: wheel, filename: path.basename(wheel), sha256 });
}
