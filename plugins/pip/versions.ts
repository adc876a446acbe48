import type { RunOf } from "../../plugin-api/command.ts";
import { PybunError } from "../../plugin-api/error.ts";
import type { VersionPage } from "../../plugin-api/model/distribution.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { parseSpecifier, satisfies } from "../../plugin-api/python/specifier.ts";
import { tagScorer } from "../../plugin-api/python/tags.ts";
import { isPrereleaseKey, versionKey } from "../../plugin-api/python/version-key.ts";
import { amendSources } from "../../plugin-api/requirements/amend-sources.ts";
import { Interpreters } from "../../plugin-api/services.ts";
import { asPip } from "./as-pip.ts";
import { distributionsIn } from "./distributions.ts";
import type { versions as spec } from "./more-commands.ts";
import { selectedEnvironment } from "./place.ts";
import { typedOptions } from "./wanted.ts";

/** SPEC PIP-01. */
const versions: RunOf<typeof spec> = async (typed, [written = ""], session) => {
  const options = typedOptions(typed, session.cwd);
  await amendSources(options, session);
  const environment = await selectedEnvironment(session);
  const interpreter = environment?.interpreter ?? (await (await session.use(Interpreters)).find({}));
  const name = normalizeName(written);
  const has = (list: readonly string[]): boolean => list.includes(":all:") || list.includes(name);
  const formats = { isSource: !has(options.onlyBinary), isWheel: !has(options.noBinary) };
  const pages = await session.run("fetch.versions", { name, interpreter });
  const usable = new Map(pages.flatMap((page) => usableOn(page, { interpreter, ...formats })));
  const finals = [...usable].filter(([key]) => typed.pre || !isPrereleaseKey(key));
  const found = finals.sort(([a], [b]) => (a < b ? 1 : -1)).map(([, version]) => version);
  const [latest] = found;
  if (latest === undefined)
    throw new PybunError(
      "E_PIP_NO_VERSION",
      `no version of \`${written}\` for Python ${interpreter.version} on the indexes`,
      {
        hints: usable.size > 0 ? [`there are pre-releases: \`pybun pip index versions --pre ${written}\``] : [],
      },
    );
  const all = environment ? await distributionsIn(environment, session) : [];
  const installed = all.find((each) => each.name === name)?.version;
  const isLatest = installed !== undefined && versionKey(installed) === versionKey(latest);
  return {
    exitCode: 0,
    data: { name, latest, versions: found, installed: installed ?? null },
    text: () =>
      [
        `${written} (${latest})`,
        `Available versions: ${found.join(", ")}`,
        ...(installed === undefined ? [] : [`  INSTALLED: ${installed}${isLatest ? " (latest)" : ""}`]),
        ...(installed === undefined || isLatest ? [] : [`  LATEST:    ${latest}`]),
      ].join("\n"),
  };
};
export default asPip(versions);

interface Fitting {
  readonly interpreter: Interpreter;
  readonly isSource: boolean;
  readonly isWheel: boolean;
}

/** The releases that have a file which suits, by their keys. */
function usableOn(page: VersionPage, { interpreter, isSource, isWheel }: Fitting): [key: string, version: string][] {
  const score = tagScorer(interpreter.tags);
  const suits = (row: number): boolean => {
    const tag = page.tagIndex(row);
    if (tag < 0 ? !isSource : !isWheel || score(page.tag(tag)) === 0) return false;
    const python = page.python(page.pythonIndex(row));
    return !page.isYanked(row) && (python === "" || satisfies(parseSpecifier(python), interpreter.version));
  };
  return Array.from({ length: page.count }, (_, rank) => rank).flatMap((rank) => {
    const [first, end] = page.rows(rank);
    const isUsable = Array.from({ length: end - first }, (_, index) => first + index).some(suits);
    return isUsable ? [[page.key(rank), page.version(rank)]] : [];
  });
}
