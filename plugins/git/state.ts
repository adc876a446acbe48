import { buildChain } from "../../plugin-api/build-chain.ts";
import { anotherPackage } from "../../plugin-api/page/one-release.ts";
import { type Session, settingsOf } from "../../plugin-api/session.ts";
import { checkOut } from "./check-out.ts";
import type { GitState } from "./git-key.ts";
import { type Inspected, type Inspection, inspect } from "./inspect.ts";
import type { GitReference } from "./reference.ts";
import { openRepository } from "./repository.ts";
import { resolveReference } from "./resolve-reference.ts";
import { settings } from "./settings.ts";

/** Makes what the three stages share during a run: each reference, commit and project is looked at once. */
export default function openState(session: Session): GitState {
  const commits = new Map<string, Promise<string>>();
  const folders = new Map<string, Promise<string>>();
  const inspected = new Map<string, Promise<Inspected>>();
  const settled = new Map<string, string | undefined>();
  const state: GitState = {
    commitOf: (reference) => {
      const key = keyOf(reference, reference.reference ?? "");
      const commit = settled.get(key);
      if (commit !== undefined) return Promise.resolve(commit);
      const isAnew = settled.has(key);
      return once(commits, key, async () =>
        resolveReference(await openRepository(reference, session), session, isAnew),
      );
    },
    settle: ({ url, reference = "" }, commit) => void settled.set(keyOf({ url }, reference), commit),
    checkout: (reference, commit) =>
      once(folders, keyOf(reference, commit, String(reference.isLfs)), async () =>
        checkOut(await openRepository(reference, session), commit, session),
      ),
    inspect: (inspection) => {
      const known = inspected.get(inspectionKey({ ...inspection, name: "" }));
      if (known) return known.then((found) => named(found, inspection));
      const whole = withLfs(inspection, session);
      return once(inspected, inspectionKey(inspection), () => inspect(whole, state, session));
    },
  };
  return state;
}

function once<T>(flights: Map<string, Promise<T>>, key: string, work: () => Promise<T>): Promise<T> {
  let flight = flights.get(key);
  if (!flight) flights.set(key, (flight = work()));
  return flight;
}

const keyOf = ({ url }: Pick<GitReference, "url">, ...more: readonly string[]): string =>
  JSON.stringify([url, ...more]);

/** A build that waits for its own result never ends, so that each chain of builds has its own. */
const inspectionKey = ({ name, reference, commit = "" }: Inspection): string =>
  keyOf(reference, reference.reference ?? "", reference.subdirectory ?? "", name, commit, ...buildChain());

/** What was looked at while its name was not known yet. */
function named(found: Inspected, { name, reference }: Inspection): Inspected {
  if (name !== "" && found.name !== name) throw anotherPackage(name, reference.text, found.name);
  return found;
}

function withLfs(inspection: Inspection, session: Session): Inspection {
  if (!settingsOf(session, settings).gitLfs) return inspection;
  return { ...inspection, reference: { ...inspection.reference, isLfs: true } };
}
