import fs from "node:fs";
import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { warning } from "../../plugin-api/diagnostic.ts";
import { InvalidSyntax } from "../../plugin-api/error.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import type { Session } from "../../plugin-api/session.ts";
import { asPip } from "./as-pip.ts";
import type { freeze as spec } from "./commands.ts";
import { type Distribution, editableLocation } from "./distributions.ts";
import { editableLines } from "./editable-origin.ts";
import { readPlace } from "./read-place.ts";

/** SPEC PIP-01. */
const freeze: RunOf<typeof spec> = async (options, _operands, session) => {
  const { environment, distributions } = await readPlace(options, session);
  const [major = 3, minor = 0] = environment?.interpreter.tags.python ?? [];
  const tools = major === 3 && minor < 12 ? ["pip", "setuptools", "distribute", "wheel"] : ["pip"];
  const shown = distributions.filter((each) => {
    if (options.excludeEditable && editableLocation(each) !== undefined) return false;
    return options.all || !tools.includes(each.name);
  });
  const lines = linesOf(shown, options.requirement, session);
  return {
    exitCode: 0,
    data: {
      env: environment ? { path: environment.root, python: environment.python } : null,
      packages: shown.map(({ displayName, version }) => ({ name: displayName, version })),
    },
    text: () => lines.join("\n"),
  };
};
export default asPip(freeze);

function linesOf(shown: readonly Distribution[], files: readonly string[], session: Session): readonly string[] {
  const left = new Map(shown.map((each) => [each.name, each]));
  const lines = files.flatMap((file) => inOrderOf(file, left, session));
  const others = [...left.values()]
    .sort((a, b) => (a.displayName.toLowerCase() < b.displayName.toLowerCase() ? -1 : 1))
    .flatMap(frozen);
  if (files.length === 0) return others;
  return [...lines, "## The following requirements were added by pip freeze:", ...others];
}

/** The lines of a file, requirements as they are installed; what is not installed is left out with a warning. */
function inOrderOf(file: string, left: Map<PackageName, Distribution>, session: Session): readonly string[] {
  const text = fs.readFileSync(path.resolve(session.cwd, file), "utf8");
  const isKept =
    /^(?:$|#|-r|--requirement|-f|--find-links|-i|--index-url|--pre|--trusted-host|--process-dependency-links|--extra-index-url|--use-feature)/;
  return text
    .split(/\r?\n/)
    .slice(0, text.endsWith("\n") ? -1 : undefined)
    .flatMap((line) => {
      if (isKept.test(line.trim())) return [line.trimEnd()];
      const name = nameIn(line);
      const distribution = name && left.get(name);
      if (name && distribution) {
        left.delete(name);
        return frozen(distribution);
      }
      const message = `${file} names \`${line.trim()}\`, which is not installed`;
      session.emit({ type: "Diagnostic", diagnostic: warning("W_PIP_NOT_INSTALLED", message) });
      return [];
    });
}

function nameIn(line: string): PackageName | undefined {
  const egg = /^(?:-e|--editable)\b.*#.*\begg=([\w.-]+)/.exec(line)?.[1];
  try {
    return egg === undefined ? parseRequirement(line.replace(/(^|\s+)#.*$/, "").trim()).name : normalizeName(egg);
  } catch (error) {
    if (error instanceof InvalidSyntax) return undefined;
    throw error;
  }
}

/** A distribution as a requirement that leads to it again. */
export function frozen(distribution: Distribution): readonly string[] {
  const { displayName, version, directUrl } = distribution;
  const location = editableLocation(distribution);
  if (location !== undefined) return editableLines(distribution, location);
  if (directUrl === undefined) return [`${displayName}==${version}`];
  const { url, subdirectory, origin } = directUrl;
  const hashes =
    origin.kind === "archive"
      ? Object.entries(origin.hashes)
          .slice(0, 1)
          .map((each) => each.join("="))
      : [];
  const fragment = [...hashes, ...(subdirectory === undefined ? [] : [`subdirectory=${subdirectory}`])].join("&");
  const address = origin.kind === "vcs" ? `${origin.vcs}+${url}@${origin.commitId}` : url;
  return [`${displayName} @ ${address}${fragment === "" ? "" : `#${fragment}`}`];
}
