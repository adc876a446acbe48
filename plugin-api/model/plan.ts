import { createHash } from "node:crypto";
import type { Destination, Environment, Installed, Plan } from "./environment.ts";
import type { Pin, Resolution } from "./resolution.ts";

/** Pure: what has to change so that the environment holds the resolution. */
export function planFor(resolution: Resolution, existing: Environment | undefined, destination: Destination): Plan {
  const pins = new Map(resolution.pins.map((pin) => [pin.name, pin]));
  const keep: Installed[] = [];
  const remove: Installed[] = [];
  for (const installed of existing?.installed ?? []) {
    const pin = pins.get(installed.name);
    if (pin ? isSame(installed, pin) : !destination.isExact) keep.push(installed);
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
    digest: createHash("sha256").update(facts.join("\n")).digest("hex"),
  };
}

/** A pin by URL or path is installed anew: its content may have changed under the same version. */
const isSame = (installed: Installed, pin: Pin): boolean =>
  installed.version === pin.version && pin.source.kind === "index";
