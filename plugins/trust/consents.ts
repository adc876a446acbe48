import fs from "node:fs";
import path from "node:path";
import type { Host } from "../../plugin-api/services.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import { userConfigDir } from "../../plugin-api/system/directories.ts";
import { withLock } from "../../plugin-api/system/lock-file.ts";
import type { Hook } from "./hook.ts";

/** What was said of a hook: by package, then by the content's SHA-256. */
export type Noted = Readonly<Record<string, Readonly<Record<string, Omit<Hook, "package" | "sha256">>>>>;

/** In the user's configuration folder: a list inside a project could be written by whoever wrote the project. */
export const consentFile = ({ env, home, platform }: Host): string =>
  path.join(userConfigDir(env, home, platform), "trusted-hooks.json");

/** What was refused here last, so that it can be agreed to by name. */
export const refusalFile = ({ dataDir }: Host): string => path.join(dataDir, "trust", "refused-hooks.json");

/** Empty when there is no such file, or none that can be read: then nothing was agreed to. */
export function readNoted(file: string): Noted {
  try {
    const noted = JSON.parse(fs.readFileSync(file, "utf8")) as Noted | null;
    return typeof noted === "object" && noted !== null && !Array.isArray(noted) ? noted : {};
  } catch {
    return {};
  }
}

export const isNoted = (noted: Noted, hook: Hook): boolean =>
  Object.hasOwn(noted, hook.package) && Object.hasOwn(noted[hook.package] ?? {}, hook.sha256);

/** The hooks noted of a package. */
export const hooksIn = (noted: Noted, name: string): readonly Hook[] =>
  Object.hasOwn(noted, name)
    ? Object.entries(noted[name] ?? {}).map(([sha256, facts]) => ({ ...facts, package: name, sha256 }) as Hook)
    : [];

/** Adds hooks to those noted of their packages. */
export const noteHooks = (file: string, hooks: readonly Hook[], host: Host): Promise<void> =>
  change(file, host, (noted) => {
    const all: Record<string, Noted[string]> = { ...noted };
    for (const { package: name, sha256, ...facts } of hooks) all[name] = { ...all[name], [sha256]: facts };
    return all;
  });

/** Takes out all that is noted of packages. */
export const forgetHooks = (file: string, names: readonly string[], host: Host): Promise<void> =>
  change(file, host, (noted) => Object.fromEntries(Object.entries(noted).filter(([name]) => !names.includes(name))));

/** Two commands that agree to something at once lose nothing of each other. */
async function change(file: string, { dataDir }: Host, to: (noted: Noted) => Noted): Promise<void> {
  const lock = path.join(dataDir, "locks", "startup-hooks.lock");
  await withLock(lock, { subject: "the list of start-up hooks" }, () => {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    writeAtomically(file, `${JSON.stringify(to(readNoted(file)), undefined, 2)}\n`, { isDurable: true, mode: 0o600 });
  });
}
