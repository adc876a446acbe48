import { API_VERSION, type Plugin } from "../../plugin-api/plugin.ts";
import type { Catalogue } from "../../plugin-api/services.ts";

/** Something a plugin should mend. */
export interface Finding {
  readonly rule: string;
  readonly file: string;
  readonly message: string;
}

const MAX_LINES = 400;
const MAX_MANIFEST_LINES = 60;

/** Form of one source file: size, and imports of nothing but its own, `node:` and `pybun/plugin-api`. Pure. */
export function checkSource(file: string, text: string): readonly Finding[] {
  const findings: Finding[] = [];
  const lines = text.split("\n").length;
  const most = /^index\.[cm]?[jt]s$/.test(file) ? MAX_MANIFEST_LINES : MAX_LINES;
  if (lines > most) findings.push({ rule: "size", file, message: `has ${lines} lines, ${most} are the most` });
  for (const [, name = ""] of text.matchAll(/^(?:import|export)\s[^"';]*?\bfrom\s*["']([^"']+)["']/gm))
    if (file.startsWith("index.") && !name.startsWith("./") && name !== "pybun/plugin-api")
      findings.push({
        rule: "manifest-imports",
        file,
        message: `the manifest imports \`${name}\`; it may import pybun/plugin-api and its own declarations`,
      });
  if (/\bprocess\.(stdout|exit)\b|\bconsole\.log\b/.test(text))
    findings.push({
      rule: "output",
      file,
      message: "writes or exits by itself; return a report or emit an event instead",
    });
  return findings;
}

/** The manifest as data: what is required, what clashes with the plugins that are there. Pure. */
export function checkManifest(manifest: unknown, catalogue: Catalogue): readonly Finding[] {
  const file = "manifest";
  const found = (rule: string, message: string): Finding => ({ rule, file, message });
  if (typeof manifest !== "object" || manifest === null)
    return [found("shape", "has no default export that is an object")];
  const plugin = manifest as Partial<Plugin>;
  const findings: Finding[] = [];
  for (const field of ["name", "version", "summary", "maturity"] as const)
    if (typeof plugin[field] !== "string" || plugin[field] === "") findings.push(found("shape", `lacks \`${field}\``));
  if (typeof plugin.apiVersion !== "number" || Math.trunc(plugin.apiVersion) !== API_VERSION)
    findings.push(
      found("api-version", `\`apiVersion\` is ${String(plugin.apiVersion)}, this is interface ${API_VERSION}`),
    );
  const others = catalogue.plugins.filter(({ name }) => name !== plugin.name);
  for (const path of Object.keys(plugin.commands ?? {})) {
    const owner = catalogue.commands.get(path)?.plugin;
    if (owner !== undefined && owner !== plugin.name)
      findings.push(found("clash", `command \`${path}\` is ${owner}'s already`));
    if (!plugin.commands?.[path]?.spec?.summary)
      findings.push(found("documentation", `command \`${path}\` has no summary`));
  }
  for (const name of Object.keys(plugin.settings ?? {})) {
    const owner = others.find(({ settings }) => settings !== undefined && Object.hasOwn(settings, name))?.name;
    if (owner !== undefined) findings.push(found("clash", `setting \`${name}\` is ${owner}'s already`));
  }
  for (const code of Object.keys(plugin.codes ?? {}))
    if (!/^[EWI]_[A-Z0-9_]+$/.test(code))
      findings.push(found("codes", `\`${code}\` is no code: E_, W_ or I_ and capitals`));
  return findings;
}
