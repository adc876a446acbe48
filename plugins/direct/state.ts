import { buildChain } from "../../plugin-api/build-chain.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { DirectState } from "./direct-key.ts";
import { type Inspected, type Inspection, inspect } from "./inspect.ts";

/** Makes what the three stages share during a run: a reference is looked at once, whichever stage asks first. */
export default function openState(session: Session): DirectState {
  const inspected = new Map<string, Promise<Inspected>>();
  return {
    inspect(inspection) {
      const key = keyOf(inspection);
      let flight = inspected.get(key);
      if (!flight) inspected.set(key, (flight = inspect(inspection, session)));
      return flight;
    },
  };
}

/** A build that waits for its own result never ends, so that each chain of builds has its own. */
const keyOf = ({ name, reference }: Inspection): string =>
  JSON.stringify([buildChain(), name, reference.url, reference.subdirectory ?? ""]);
