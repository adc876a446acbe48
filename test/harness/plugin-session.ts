import type { Command } from "../../plugin-api/command.ts";
import type { Event } from "../../plugin-api/event.ts";
import { globals } from "../../plugin-api/globals.ts";
import type { Plugin } from "../../plugin-api/plugin.ts";
import type { TextStyle } from "../../plugin-api/report.ts";
import type { ServiceKey } from "../../plugin-api/service.ts";
import { Catalogue } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { textStyle } from "../../plugin-api/text/style.ts";

/** A catalogue of these plugins, as the kernel would assemble it for a product `pybun`. */
export function catalogueOf(plugins: readonly Plugin[], codes: Catalogue["codes"] = new Map()): Catalogue {
  const all = new Map(codes);
  const commands = new Map<string, { readonly command: Command; readonly plugin: string }>();
  for (const plugin of plugins) {
    for (const [path, command] of Object.entries(plugin.commands ?? {}))
      commands.set(path, { command, plugin: plugin.name });
    for (const [code, spec] of Object.entries(plugin.codes ?? {})) all.set(code, { ...spec, plugin: plugin.name });
  }
  return {
    product: { name: "pybun", version: "1.2.3", commit: "abc", preset: "default" },
    plugins: plugins.map((plugin) => ({ ...plugin, origin: "preset default" })),
    commands,
    globals: { ...globals, ...Object.assign({}, ...plugins.map(({ settings }) => settings ?? {})) },
    codes: all,
  };
}

/** A session that gives the named services and nothing else; what is emitted is kept. */
export function sessionWith(
  services: readonly (readonly [ServiceKey<unknown>, unknown])[],
  more: Partial<Session> = {},
): Session & { readonly emitted: readonly Event[] } {
  const given = new Map(services.map(([key, value]) => [key.name, value]));
  const emitted: Event[] = [];
  return {
    cwd: "/",
    signal: new AbortController().signal,
    settings: {},
    run: () => Promise.reject(new Error("no stage in this test")),
    use: <T>(key: ServiceKey<T>) =>
      given.has(key.name)
        ? Promise.resolve(given.get(key.name) as T)
        : Promise.reject(new Error(`no service ${key.name}`)),
    emit: (event) => void emitted.push(event),
    emitted,
    ...more,
  };
}

/** A session for a command that reads the catalogue. */
export const sessionOf = (catalogue: Catalogue): Session => sessionWith([[Catalogue, catalogue]]);

/** The style of a pipe, or of a terminal without colour when columns are given. */
export const plainStyle = (columns?: number): TextStyle =>
  textStyle({
    isTerminal: columns !== undefined,
    hasColor: false,
    isUnicode: columns !== undefined,
    columns: () => columns ?? 80,
    verbosity: 0,
    isQuiet: false,
  });
