import { warning } from "../../plugin-api/diagnostic.ts";
import type { Source } from "../../plugin-api/model/distribution.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import type { Session } from "../../plugin-api/session.ts";
import { statusOf } from "./pages.ts";
import type { Asked } from "./refresh-ahead.ts";
import { IndexState } from "./state.ts";

/** A release that was chosen. */
interface Chosen {
  readonly name: PackageName;
  readonly source: Source;
}

/** Saves what a resolution brought, and tells of chosen projects that nobody should rely on (PEP 792), each once. */
export async function finish(asked: Asked, chosen: readonly Chosen[], session: Session): Promise<void> {
  const state = await session.use(IndexState);
  state.ahead.end(asked, state);
  await state.records.flush(session.signal);
  const told = new Set<PackageName>();
  for (const { name, source } of chosen) {
    const status = source.kind === "index" ? statusOf(name, source.index, state) : undefined;
    if ((status !== "archived" && status !== "deprecated") || told.has(name)) continue;
    told.add(name);
    const diagnostic = warning("W_PROJECT_STATUS", `\`${name}\` is ${status} on its index`, {
      context: { package: name, status },
    });
    session.emit({ type: "Diagnostic", diagnostic });
  }
}
