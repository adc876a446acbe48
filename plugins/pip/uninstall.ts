import type { RunOf } from "../../plugin-api/command.ts";
import { warning } from "../../plugin-api/diagnostic.ts";
import { InvalidSyntax } from "../../plugin-api/error.ts";
import type { Installed } from "../../plugin-api/model/environment.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { Prompts } from "../../plugin-api/prompts.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import { NO_OPTIONS } from "../../plugin-api/python/requirements-file-options.ts";
import { Host } from "../../plugin-api/services.ts";
import { type Session, sharedSettings } from "../../plugin-api/session.ts";
import { usageError } from "../../plugin-api/usage.ts";
import { asPip, callError } from "./as-pip.ts";
import { carryOut } from "./carry-out.ts";
import type { uninstall as spec } from "./commands.ts";
import { type Distribution, distributionsIn } from "./distributions.ts";
import { environmentData, type Place, placeFor } from "./place.ts";
import { readWanted } from "./wanted.ts";

/** SPEC PIP-01. */
const uninstall: RunOf<typeof spec> = async ({ requirement, dryRun }, operands, session) => {
  if (operands.length === 0 && requirement.length === 0)
    throw callError("pip uninstall", "at least one name has to be given");
  const names = await namesOf(operands, requirement, session);
  const place = await placeFor({ user: false, dryRun }, session);
  const all = place.existing ? await distributionsIn(place.existing, session) : [];
  const found = names.flatMap((name) => all.find((each) => each.name === name) ?? []);
  for (const name of names)
    if (!found.some((each) => each.name === name)) skip(`\`${name}\` is not installed`, session);
  const places = place.kind === "installation" ? [place, await placeFor({ user: true, dryRun }, session)] : [place];
  const holds = ({ existing }: Place, { location }: Distribution): boolean => location === existing?.sitePackages;
  const goes = found.filter((each) => places.some((one) => holds(one, each)));
  for (const { name, location } of found.filter((each) => !goes.includes(each)))
    skip(`\`${name}\` lies outside of the environment, in ${location}`, session);
  if (!dryRun && goes.length > 0 && !(await isAgreed(goes, session))) goes.length = 0;
  const removed: Installed[] = [];
  for (const one of dryRun ? [] : places) {
    const remove = goes.filter((each) => holds(one, each)).map(({ name }) => name);
    if (remove.length > 0)
      removed.push(...(await carryOut({ install: [], remove }, { place: one, artifacts: [] }, session)));
  }
  const named = (dryRun ? goes : removed).map(({ name, version }) => ({ name, version }));
  return {
    exitCode: 0,
    data: { env: environmentData(place), installed: [], removed: named, satisfied: [], dry_run: dryRun },
    text: (ui) => {
      if (ui.isQuiet) return "";
      return named
        .flatMap(({ name, version }) =>
          dryRun
            ? [`Would uninstall ${name}-${version}`]
            : [`Found existing installation: ${name} ${version}`, `Successfully uninstalled ${name}-${version}`],
        )
        .join("\n");
    },
  };
};
export default asPip(uninstall);

async function namesOf(operands: readonly string[], files: readonly string[], session: Session) {
  const typed = operands.map((text) => nameIn(text));
  const { entries } = await readWanted({ operands: [], requirement: files }, NO_OPTIONS, session);
  const listed = entries.flatMap(({ subject, isConstraint }) =>
    subject.kind === "requirement" && !isConstraint ? [subject.requirement.name] : [],
  );
  return [...new Set<PackageName>([...typed, ...listed])];
}

function nameIn(text: string): PackageName {
  try {
    return parseRequirement(text).name;
  } catch (error) {
    if (!(error instanceof InvalidSyntax)) throw error;
    const [name] = /^[A-Za-z0-9][\w.-]*$/.exec(text) ?? [];
    if (name !== undefined) return normalizeName(name);
    throw usageError("pip uninstall", `\`${text}\` is not the name of a package`);
  }
}

const skip = (why: string, session: Session): void =>
  session.emit({ type: "Diagnostic", diagnostic: warning("W_PIP_NOT_INSTALLED", `${why}, so it is not removed`) });

/** Where nobody can be asked, `-y` has to be given, as with pip. */
async function isAgreed(goes: readonly Distribution[], session: Session): Promise<boolean> {
  const { canPrompt } = await session.use(Host);
  const isAnswered = sharedSettings(session).yes;
  if (!isAnswered && !canPrompt)
    throw usageError("pip uninstall", "there is nobody to ask whether to go on; say so with `-y`");
  const listed = goes.map(({ name, version }) => `${name} ${version}`).join(", ");
  return (await session.use(Prompts)).confirm(`Remove ${listed}?`, false);
}
