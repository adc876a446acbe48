import fs from "node:fs";
import path from "node:path";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Extra, PackageName } from "../../plugin-api/model/requirement.ts";
import { metadataTable } from "../../plugin-api/page/metadata-table.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { formatRequirement } from "../../plugin-api/python/requirement.ts";
import type { Asked } from "../../plugin-api/requirements/asked.ts";
import type { Session } from "../../plugin-api/session.ts";
import { metadataOfSource } from "../../plugin-api/source-build.ts";
import { callError } from "./as-pip.ts";

/** Whether a file is read as a project rather than as a list of requirements. */
export const isProjectFile = (file: string): boolean =>
  /^(?:pyproject\.toml|setup\.(?:py|cfg))$/.test(path.basename(file));

interface Parts {
  readonly typed: { readonly extra: readonly string[]; readonly allExtras: boolean };
  readonly interpreter: Interpreter;
}

/** What a project requires, with the extras that are asked for. Throws what a build of its metadata throws. */
export async function projectEntries(
  file: string,
  { typed, interpreter }: Parts,
  session: Session,
): Promise<readonly Asked[]> {
  const absolute = path.resolve(session.cwd, file);
  if (!fs.existsSync(absolute)) throw callError("pip compile", `there is no file \`${file}\``);
  const order = { name: "" as PackageName, version: "", path: path.dirname(absolute), interpreter };
  const metadata = await metadataOfSource(order, session);
  const { dependencies } = metadataTable(metadata);
  const known = dependencies.extras;
  const asked = typed.allExtras ? known : typed.extra.map((name) => normalizeName(name) as string as Extra);
  const unknown = asked.find((extra) => !known.includes(extra));
  if (unknown !== undefined) throw callError("pip compile", `\`${file}\` has no extra \`${unknown}\``);
  return ["" as const, ...asked].flatMap((extra) =>
    dependencies.requirements(extra).map((requirement): Asked => {
      const text = formatRequirement(requirement);
      const origin = `${metadata.name}${extra === "" ? "" : `[${extra}]`} (${file})`;
      const facts = { isConstraint: false, isEditable: false, hashes: {}, configSettings: {} };
      const entry = { subject: { kind: "requirement" as const, requirement }, text, file: origin, line: 0, ...facts };
      return { entry, demand: { requirement, text, origin } };
    }),
  );
}
