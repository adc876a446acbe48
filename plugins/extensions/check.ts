import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { RunOf } from "../../plugin-api/command.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { registerPluginApi } from "../../plugin-api/native.ts";
import { Catalogue, Host } from "../../plugin-api/services.ts";
import { entryOf, locate } from "../../plugin-api/system/plugin-files.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import type { check as spec } from "./commands.ts";
import { checkManifest, checkSource, type Finding } from "./rules.ts";

/** Naming the path is the consent: as with `pybun run FILE`, the manifest is imported, its handlers are not. */
const check: RunOf<typeof spec> = async (_options, [name = "."], session) => {
  const file = locate({ name: path.resolve(session.cwd, name), from: session.cwd, origin: "the command line" });
  const { home } = await session.use(Host);
  const findings: Finding[] = sourcesBelow(file).flatMap((source) =>
    checkSource(path.relative(file, source) || path.basename(source), fs.readFileSync(source, "utf8")),
  );
  registerPluginApi();
  let manifest: unknown;
  try {
    manifest = ((await import(pathToFileURL(entryOf(file)).href)) as { default?: unknown }).default;
  } catch (cause) {
    throw new PybunError(
      "E_PLUGIN",
      `${file} can't be loaded: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
  findings.push(...checkManifest(manifest, await session.use(Catalogue)));
  return {
    exitCode: findings.length > 0 ? 1 : 0,
    data: { path: file, findings },
    text: (ui) =>
      findings.length === 0
        ? `${ui.ok("Checked")} ${showPath(file, { cwd: session.cwd, home })}: nothing found\n`
        : findings.map(({ file: where, message }) => `${ui.name(where)}  ${message}\n`).join(""),
  };
};
export default check;

function sourcesBelow(file: string): readonly string[] {
  if (!fs.statSync(file).isDirectory()) return [file];
  return fs.readdirSync(file).flatMap((name) => {
    if (name === "node_modules" || name.startsWith(".")) return [];
    const below = path.join(file, name);
    if (fs.statSync(below).isDirectory()) return sourcesBelow(below);
    return /\.[cm]?[jt]s$/.test(name) && !/\.test\.[cm]?[jt]s$/.test(name) ? [below] : [];
  });
}
