import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Diagnostic } from "../../plugin-api/diagnostic.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { ownCommand } from "../../plugin-api/system/own-command.ts";
import type { ToolPlaces } from "./places.ts";
import { readRecord, type ToolRecord } from "./record.ts";
import type { ToolChange } from "./told.ts";

interface Row {
  readonly to: string;
  readonly up_to_date: boolean;
  readonly commands: readonly string[];
}
interface Told {
  readonly data?: { readonly tools?: readonly Row[] };
  readonly diagnostics: readonly (Diagnostic & { readonly level: string })[];
}

/**
 * Upgrades a tool in a process of its own: it was installed with other indexes than the one before, and which indexes there are
 * is settled once in a process. Throws what the other threw.
 */
export async function upgradeApart(
  record: ToolRecord,
  words: readonly string[],
  { places, session }: { readonly places: ToolPlaces; readonly session: Session },
): Promise<ToolChange> {
  const { env, cwd } = { ...(await session.use(Host)), cwd: session.cwd };
  const [program, ...own] = ownCommand();
  const argv = [...own, ...words, record.name, "--format=json"];
  const child = spawn(program, argv, {
    env,
    cwd,
    signal: session.signal,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const pieces: Buffer[] = [];
  child.stdout.on("data", (piece: Buffer) => pieces.push(piece));
  await once(child, "close");
  const { data, diagnostics } = JSON.parse(Buffer.concat(pieces).toString("utf8")) as Told;
  for (const diagnostic of diagnostics) {
    const { level, code, message, hints = [], evidence = [] } = diagnostic;
    if (level === "error") throw new PybunError(code, message, { hints: [...hints], evidence: [...evidence] });
    session.emit({ type: "Diagnostic", diagnostic });
  }
  const [row] = data?.tools ?? [];
  const after = readRecord(places, record.name) ?? record;
  if (row === undefined) return { before: record, after, isChanged: false };
  return { before: record, after: { ...after, version: row.to, commands: row.commands }, isChanged: !row.up_to_date };
}
