import { eventToWire } from "../../plugin-api/envelope.ts";
import type { Stamped } from "../../plugin-api/event.ts";
import type { Observer, OutputChoice } from "../../plugin-api/plugin.ts";
import { serialise } from "../../plugin-api/serialise.ts";
import { Redactor } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { writeOut } from "../../plugin-api/system/write-out.ts";

/** The observer of a real run: standard output, secrets masked unless that is switched off; paths are absolute, to be used. */
export default async function observe(session: Session, choice: OutputChoice): Promise<Observer> {
  const redactor = choice.isRedacted ? await session.use(Redactor) : undefined;
  const redaction = redactor && { entry: redactor.maskEntry, isClean: redactor.isClean };
  return jsonReporter(choice.format, (value) => writeOut(1, serialise(value, redaction, "\n")));
}

/** One line per value: every event as it happens with `ndjson`; the envelope, last and exactly once, with both. */
export function jsonReporter(
  format: OutputChoice["format"],
  write: (value: unknown) => void,
): (event: Stamped) => void {
  return (event) => {
    if (event.type === "Report") write(event.envelope);
    else if (format === "ndjson") write(eventToWire(event));
  };
}
