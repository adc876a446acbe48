import { buildChain } from "../../plugin-api/build-chain.ts";
import { anotherPackage } from "../../plugin-api/page/one-release.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { DirectState } from "./direct-key.ts";
import { type Inspected, type Inspection, inspect } from "./inspect.ts";
import { keepMetadata } from "./kept-metadata.ts";

/** Makes what the three stages share during a run: a reference is looked at once, whichever stage asks first. */
export default async function openState(session: Session): Promise<DirectState> {
  const { dataDir } = await session.use(Host);
  const wheels = keepMetadata(dataDir);
  const inspected = new Map<string, Promise<Inspected>>();
  return {
    wheels,
    [Symbol.dispose]: () => wheels[Symbol.dispose](),
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
