import fs from "node:fs";
import path from "node:path";
import { readSourceMetadata } from "../../plugin-api/archive/source-metadata.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import type { SourceMetadata } from "../../plugin-api/python/source-metadata.ts";
import { Interpreters } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { parseMetadata } from "./metadata-of.ts";

/** A source archive or tree on this machine. */
export interface SourceOrder {
  readonly name: PackageName;
  /** Empty when it is not known yet. */
  readonly version: string;
  readonly path: string;
  readonly subdirectory?: string;
  readonly interpreter?: Interpreter;
}

/** What the sources say by themselves, else what their build backend says. Throws what the archive readers and `build` throw. */
export async function metadataOfSource(order: SourceOrder, session: Session): Promise<SourceMetadata> {
  return (await readSourceMetadata(order.path, order.subdirectory)) ?? builtMetadata(order, session);
}

async function builtMetadata(order: SourceOrder, session: Session): Promise<SourceMetadata> {
  const interpreter = order.interpreter ?? (await (await session.use(Interpreters)).find({}));
  const { path: folder } = await session.run("build", { ...order, interpreter, want: "metadata" });
  return parseMetadata(fs.readFileSync(path.join(folder, "METADATA")), path.basename(order.path));
}
