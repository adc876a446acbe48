import type { Locks } from "../../plugin-api/lock/current.ts";
import { encodeLock } from "../../plugin-api/lock/encode.ts";
import { Host, Interpreters } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { digestOf } from "../../plugin-api/system/journal.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { changesBetween } from "./change.ts";
import { choicesOf } from "./choices.ts";
import { readLock } from "./kept.ts";
import { scriptSubject } from "./script.ts";
import { placeOf, solve } from "./solve.ts";

/** What a script's block leads to, as it shall be; beside the lock it has, if it has one. */
export async function lockScript(
  ...[script, session]: [...Parameters<Locks["script"]>, Session]
): ReturnType<Locks["script"]> {
  const { home } = await session.use(Host);
  const show = (file: string): string => showPath(file, { cwd: session.cwd, home });
  const choices = await choicesOf(session, undefined);
  const subject = scriptSubject({ script: script.file, given: script }, choices, { cwd: session.cwd, show });
  const place = await placeOf(subject.file, session);
  const was = digestOf(subject.file);
  if (was === "" && script.isOnlyKept) return undefined;
  const before = readLock(subject.file, place)?.lock();
  const { requiresPython, constraints } = subject.inputs;
  const inputs = {
    ...subject.inputs,
    constraints: [...constraints, ...(script.constraints ?? [])],
    requiresPython: requiresPython || before?.requiresPython || (await inUse(session)),
  };
  const upgrading = { upgrade: false, upgradePackage: [] };
  const { lock } = await solve({ inputs, place, previous: script.previous ?? before, upgrading }, session);
  const made = { lock, before, file: subject.file, changes: changesBetween(before, lock).all };
  return before === undefined ? made : { ...made, held: { file: subject.file, content: encodeLock(lock, place), was } };
}

/** A script that does not say for which Pythons it is runs with the one in use. */
async function inUse(session: Session): Promise<string> {
  const { tags } = await (await session.use(Interpreters)).find({});
  return `>=${tags.python.join(".")}`;
}
