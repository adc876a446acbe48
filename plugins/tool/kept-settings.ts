import fs from "node:fs";
import path from "node:path";
import type { SettingEntry } from "../../plugin-api/services.ts";
import { SettingsTable } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";

/** Settings that decide packages, as they were typed where a tool was installed: by name in code, such as `extraIndex`. */
export type KeptSettings = Readonly<Record<string, unknown>>;

/** What is typed for this call. Paths are absolute: the next call may be made in another folder. */
export async function typedSettings(session: Session): Promise<KeptSettings> {
  const { entries } = await session.use(SettingsTable);
  const typed = entries.filter(({ option, origin }) => option.decidesPackages && origin.kind === "argv");
  return Object.fromEntries(typed.map((entry) => [nameOf(entry), lasting(entry.value, session.cwd)]));
}

/** Makes what was typed for a tool count in this call, but for what is typed now. Gives what then holds for the tool. */
export async function recall(kept: KeptSettings = {}, session: Session): Promise<KeptSettings> {
  const [table, typed] = await Promise.all([session.use(SettingsTable), typedSettings(session)]);
  for (const [name, value] of Object.entries(kept))
    if (!(name in typed)) table.amend(name, value, { kind: "preset", name: "what the tool was installed with" });
  return { ...kept, ...typed };
}

/** The same in every order. */
export const isSameAs = (one: KeptSettings = {}, other: KeptSettings = {}): boolean => textOf(one) === textOf(other);
const textOf = (kept: KeptSettings): string =>
  JSON.stringify(Object.entries(kept).sort(([a], [b]) => (a < b ? -1 : 1)));

/** `--extra-index` is `extraIndex`. */
const nameOf = ({ origin }: SettingEntry): string =>
  origin.name.replace(/^--/, "").replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

function lasting(value: unknown, cwd: string): unknown {
  if (Array.isArray(value)) return value.map((item) => lasting(item, cwd));
  if (typeof value !== "string" || /^[a-z][a-z0-9+.-]*:/i.test(value)) return value;
  const file = path.resolve(cwd, value);
  return fs.existsSync(file) ? file : value;
}
