import { sha256Of } from "../hash/native.ts";
import { parseDirectUrl } from "../python/direct-url.ts";
import { versionKey } from "../python/version-key.ts";
import type { Source } from "./distribution.ts";
import type { Destination, Environment, Installed, Plan } from "./environment.ts";
import type { Pin, Resolution } from "./resolution.ts";

/**
 * Pure: what has to change so that the environment holds the resolution. One that is to be rebuilt, as one of another
 * interpreter always is, counts as none: nothing of it can be kept.
 */
export function planFor(resolution: Resolution, present: Environment | undefined, destination: Destination): Plan {
  const isKept = !destination.isRebuilt && present?.interpreter.basePath === destination.interpreter.basePath;
  const existing = isKept ? present : undefined;
  const pins = new Map(resolution.pins.map((pin) => [pin.name, pin]));
  const keep: Installed[] = [];
  const remove: Installed[] = [];
  for (const installed of existing?.installed ?? []) {
    const pin = pins.get(installed.name);
    const stays = !destination.isExact && destination.removes?.has(installed.name) !== true;
    if (pin ? !installed.isLost && isSame(installed, pin) : stays) keep.push(installed);
    else remove.push(installed);
  }
  const kept = new Set(keep.map((installed) => installed.name));
  const install = resolution.pins.filter((pin) => !kept.has(pin.name));
  const facts = [
    destination.root,
    destination.interpreter.identity,
    ...install.map((pin) => `+${pin.name} ${pin.version} ${pin.file.sha256 ?? pin.file.url}`),
    ...keep.map((installed) => `=${installed.name} ${installed.version}`),
    ...remove.map((installed) => `-${installed.name} ${installed.version}`),
  ];
  return {
    destination,
    existing,
    install,
    keep,
    remove,
    digest: sha256Of(facts.join("\n")),
  };
}

/** A pin by URL or path may have another content under the same version; then only the wheel itself tells. */
function isSame(installed: Installed, { version, source, file }: Pin): boolean {
  if (source.kind === "git") return isSameCommit(installed, source);
  const key = versionKey(version);
  const isVersion = key === undefined ? installed.version === version : versionKey(installed.version) === key;
  if (!isVersion || source.kind === "index") return isVersion;
  return file.kind === "wheel" && file.sha256 !== undefined && file.sha256 === installed.wheelSha256;
}

function isSameCommit({ directUrl }: Installed, source: Extract<Source, { readonly kind: "git" }>): boolean {
  if (directUrl === undefined) return false;
  const { url, subdirectory, origin } = parseDirectUrl(directUrl);
  const isPlace = url === source.url && subdirectory === source.subdirectory;
  return isPlace && origin.kind === "vcs" && origin.commitId === source.commit;
}
