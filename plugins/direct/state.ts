import { buildChain } from "../../plugin-api/build-chain.ts";
import { anotherPackage } from "../../plugin-api/page/one-release.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { DirectState } from "./direct-key.ts";
import { type Inspected, type Inspection, inspect } from "./inspect.ts";

/** Makes what the three stages share during a run: a reference is looked at once, whichever stage asks first. */
export default function openState(session: Session): DirectState {
  const inspected = new Map<string, Promise<Inspected>>();
  return {
    inspect(inspection) {
      const unnamed = inspected.get(keyOf({ ...inspection, name: "" }));
      if (unnamed) return unnamed.then((found) => named(found, inspection));
      const key = keyOf(inspection);
      let flight = inspected.get(key);
      if (!flight) inspected.set(key, (flight = inspect(inspection, session)));
      return flight;
    },
  };
}

/** What was looked at while its name was not known yet. */
function named(found: Inspected, { name, reference }: Inspection): Inspected {
  if (name !== "" && found.name !== name) throw anotherPackage(name, reference.text, found.name);
  return found;
}

/** A build that waits for its own result never ends, so that each chain of builds has its own. */
const keyOf = ({ name, reference }: Pick<Inspection, "name" | "reference">): string =>
  JSON.stringify([buildChain(), name, reference.url, reference.subdirectory ?? "", reference.isEditable ?? false]);
