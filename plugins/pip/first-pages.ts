import type { RequirementsEntry } from "../../plugin-api/python/requirements-file.ts";
import { type Beginning, firstPages as pagesOf } from "../../plugin-api/requirements/first-pages.ts";
import { SettingsTable } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";

/** Settings by which a package may come from elsewhere than usual. */
const DECIDE = ["sources", "constraints", "overrides"];

/** Asks for the pages of what requirements files name while something else takes its time. */
export async function firstPages(
  entries: readonly RequirementsEntry[],
  meanwhile: Promise<unknown>,
  session: Session,
): Promise<void> {
  const table = await session.use(SettingsTable);
  if (DECIDE.some((key) => Object.keys(table.get(key)?.value ?? {}).length > 0)) return;
  await pagesOf(() => beginning(entries), meanwhile, session);
}

function beginning(entries: readonly RequirementsEntry[]): Beginning {
  const named = entries.flatMap(({ subject, isConstraint }) =>
    subject.kind === "requirement" ? [{ requirement: subject.requirement, isConstraint }] : [],
  );
  return {
    requirements: named.flatMap(({ requirement, isConstraint }) => (isConstraint ? [] : [requirement])),
    special: named.flatMap(({ requirement, isConstraint }) => (isConstraint ? [requirement.name] : [])),
  };
}
