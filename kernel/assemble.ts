import { kernelCodes, sharedCodes } from "../plugin-api/codes.ts";
import type { Command } from "../plugin-api/command.ts";
import { type CodeSpec, PybunError } from "../plugin-api/error.ts";
import { globals } from "../plugin-api/globals.ts";
import type { Option } from "../plugin-api/option.ts";
import { perObject } from "../plugin-api/per-object.ts";
import { API_VERSION, type Provide, type Taps } from "../plugin-api/plugin.ts";
import type { Member } from "../plugin-api/preset.ts";
import type { StageName } from "../plugin-api/stages.ts";

interface Owned {
  readonly plugin: string;
}
/** All that a list of plugins adds up to. */
export interface Assembly {
  readonly plugins: readonly Member[];
  /** Taps by stage, in the plugins' order. */
  readonly stages: ReadonlyMap<string, readonly (Owned & { readonly taps: Taps<StageName> })[]>;
  readonly commands: ReadonlyMap<string, Owned & { readonly command: Command }>;
  readonly services: ReadonlyMap<string, Owned & { readonly provide: Provide }>;
  /** Every setting by name in code; the kernel's own belong to `kernel`. */
  readonly settings: ReadonlyMap<string, Owned & { readonly option: Option }>;
  readonly codes: ReadonlyMap<string, Owned & CodeSpec>;
}

/** The kernel as the owner of names. */
export const KERNEL = "kernel";

/** Puts plugins together in their order. Throws `E_PLUGIN_CLASH` naming both owners, `E_PLUGIN_API`. */
export const assemble = perObject((members: readonly Member[]): Assembly => {
  const names = new Map<string, Owned>();
  const stages = new Map<string, (Owned & { taps: Taps<StageName> })[]>();
  const commands = new Map<string, Owned & { readonly command: Command }>();
  const services = new Map<string, Owned & { readonly provide: Provide }>();
  const settings = new Map<string, Owned & { readonly option: Option }>();
  const codes = new Map<string, Owned & CodeSpec>();
  const keys = new Map<string, Owned>();
  for (const [name, option] of Object.entries(globals)) settings.set(name, { plugin: KERNEL, option });
  for (const [code, spec] of Object.entries({ ...kernelCodes, ...sharedCodes }))
    codes.set(code, { ...spec, plugin: KERNEL });
  for (const member of members) {
    const plugin = member.name;
    if (Math.trunc(member.apiVersion) !== API_VERSION)
      throw new PybunError(
        "E_PLUGIN_API",
        `plugin \`${plugin}\` is made for plugin interface ${member.apiVersion}, this is ${API_VERSION}`,
      );
    claim([names, "plugin"], plugin, { plugin });
    for (const [path, command] of Object.entries(member.commands ?? {}))
      claim([commands, "command"], path, { plugin, command });
    for (const service of member.services ?? [])
      claim([services, "service"], service.key.name, { plugin, provide: service });
    for (const [name, option] of Object.entries(member.settings ?? {})) {
      claim([settings, "setting"], name, { plugin, option });
      if (option.key !== undefined) claim([keys, "key"], option.key, { plugin });
    }
    for (const [code, spec] of Object.entries(member.codes ?? {})) claim([codes, "code"], code, { ...spec, plugin });
    for (const [name, taps] of Object.entries(member.stages ?? {}))
      stages.set(name, [...(stages.get(name) ?? []), { plugin, taps: taps as Taps<StageName> }]);
  }
  return { plugins: members, stages, commands, services, settings, codes };
});

type Claims<T> = readonly [table: Map<string, T>, what: string];

function claim<T extends Owned>([table, what]: Claims<T>, name: string, value: T): void {
  const owner = table.get(name)?.plugin;
  const both = `by plugin \`${owner}\` and by plugin \`${value.plugin}\``;
  if (owner !== undefined) throw new PybunError("E_PLUGIN_CLASH", `${what} \`${name}\` is added ${both}`);
  table.set(name, value);
}
