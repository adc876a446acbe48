import fs from "node:fs";
import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import type { Installed } from "../../plugin-api/model/environment.ts";
import { asPip, callError } from "./as-pip.ts";
import { carryOut, fetchAll } from "./carry-out.ts";
import { byName, type Distribution, requirementsOf } from "./distributions.ts";
import type { sync as spec } from "./lock-commands.ts";
import { environmentData } from "./place.ts";
import { chooseHeld, prepare } from "./prepare.ts";

/** What installs the others stays, whoever lists it or not. */
const TOOLS = ["pip", "setuptools", "wheel", "distribute"];
const PIP_TOOLS = "pip-tools";

/** pip-tools with all that it requires. */
function toolsAmong(installed: readonly Distribution[]): ReadonlySet<string> {
  const known = byName(installed);
  const tools = new Set<string>(TOOLS);
  const open = installed.filter(({ name }) => name === PIP_TOOLS);
  for (let next = open.pop(); next; next = open.pop()) {
    if (tools.has(next.name)) continue;
    tools.add(next.name);
    open.push(...requirementsOf(next).flatMap(({ name }) => known.get(name) ?? []));
  }
  return tools;
}

/** SPEC PIP-01. */
const sync: RunOf<typeof spec> = async (typed, operands, session) => {
  const requirement = filesOf(operands, session.cwd);
  const prepared = await prepare({ words: { operands: [], requirement }, typed, place: typed }, session);
  const { place, asked, installed } = prepared;
  if (!typed.force && asked.every(({ entry }) => entry.isConstraint))
    throw callError("pip sync", "nothing is listed, so that everything would be removed; insist with `--force`");
  const choosing = {
    upgrade: false,
    upgradeStrategy: "only-if-needed",
    forceReinstall: typed.reinstall,
    ignoreInstalled: false,
    noDeps: true,
  } as const;
  const { held, pins, satisfied } = await chooseHeld(prepared, choosing, session);
  const listed = new Set([...pins, ...satisfied.map(({ distribution }) => distribution)].map(({ name }) => name));
  const tools = toolsAmong(installed);
  const isSurplus = ({ name, location }: Distribution): boolean =>
    !listed.has(name) && !tools.has(name) && location === place.existing?.sitePackages;
  const surplus = installed.filter(isSurplus);
  const changes = { install: held, remove: surplus.map(({ name }) => name) };
  const isSame = held.length + surplus.length === 0;
  const artifacts = typed.dryRun ? [] : await fetchAll(held, place, session);
  const gone = isSame || typed.dryRun ? [] : await carryOut(changes, { place, artifacts }, session);
  const removed: readonly Pick<Installed, "name" | "version">[] = typed.dryRun ? surplus : gone;
  const named = (list: readonly Pick<Installed, "name" | "version">[]) =>
    list.map(({ name, version }) => ({ name, version }));
  return {
    exitCode: typed.dryRun && !isSame ? 1 : 0,
    data: {
      env: environmentData(place),
      installed: named(held),
      removed: named(removed),
      satisfied: named(satisfied.map(({ distribution }) => distribution)),
      dry_run: typed.dryRun,
    },
    text: (ui) => {
      if (isSame) return ui.isQuiet ? "" : "Everything up-to-date";
      if (typed.dryRun)
        return [
          ...(surplus.length === 0 ? [] : ["Would uninstall:", ...surplus.map(({ name }) => `  ${name}`)]),
          ...(held.length === 0 ? [] : ["Would install:", ...held.map(({ name, version }) => `  ${name}==${version}`)]),
        ].join("\n");
      if (ui.isQuiet) return "";
      return [
        ...removed.map(({ name, version }) => `Successfully uninstalled ${name}-${version}`),
        ...(held.length === 0
          ? []
          : [`${ui.ok("Successfully installed")} ${held.map(({ name, version }) => `${name}-${version}`).join(" ")}`]),
      ].join("\n");
    },
  };
};
export default asPip(sync);

function filesOf(operands: readonly string[], cwd: string): readonly string[] {
  if (operands.length > 0) return operands;
  if (fs.existsSync(path.join(cwd, "requirements.txt"))) return ["requirements.txt"];
  throw callError("pip sync", "no file is given, and there is no requirements.txt here");
}
