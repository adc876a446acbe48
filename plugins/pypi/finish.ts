import { type Diagnostic, warning } from "../../plugin-api/diagnostic.ts";
import { fetchingIsOver } from "../../plugin-api/memory/native.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import type { ChosenRelease } from "../../plugin-api/page-stamps.ts";
import type { Session } from "../../plugin-api/session.ts";
import { statusOf } from "./pages.ts";
import type { Asked } from "./refresh-ahead.ts";
import { IndexState } from "./state.ts";

/** What a resolution came to. What was told of one that is remembered is remembered with it. */
interface Ending {
  readonly asked: Asked;
  readonly chosen: readonly ChosenRelease[];
  readonly isFromCache: boolean;
}

/** Saves what a resolution brought, and tells of chosen projects that nobody should rely on. */
export async function finish({ asked, chosen, isFromCache }: Ending, session: Session): Promise<void> {
  const state = await session.use(IndexState);
  state.ahead.end(asked, state);
  fetchingIsOver();
  await state.records.save(session.signal);
  if (isFromCache) return;
  for (const diagnostic of statusNotices(chosen, state)) session.emit({ type: "Diagnostic", diagnostic });
}

/** Warnings about projects that are archived or deprecated (PEP 792), each once. */
export function statusNotices(chosen: readonly ChosenRelease[], state: IndexState): readonly Diagnostic[] {
  const statuses = new Map<PackageName, string>();
  for (const { name, source } of chosen) {
    const status = source.kind === "index" ? statusOf(name, source.index, state) : undefined;
    if (status === "archived" || status === "deprecated") statuses.set(name, status);
  }
  return [...statuses].map(([name, status]) =>
    warning("W_PROJECT_STATUS", `\`${name}\` is ${status} on its index`, { context: { package: name, status } }),
  );
}
