import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { Locks } from "../../plugin-api/lock/current.ts";
import { openProjectText } from "../../plugin-api/project/project-text.ts";
import type { Report } from "../../plugin-api/report.ts";
import { Interpreters } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { usageError } from "../../plugin-api/usage.ts";
import { addReport } from "./add-report.ts";
import { type Around, askedFor, joined, placed } from "./asked.ts";
import type { add as spec } from "./commands.ts";
import { refuseProjectFlags, writeScript } from "./edit-script.ts";
import { putAll } from "./put-all.ts";
import { readListed } from "./requirements.ts";
import { openScript } from "./script-block.ts";
import { asUnchanged, withRetry } from "./unchanged.ts";
import { withBounds } from "./with-bounds.ts";

interface Call {
  readonly options: Parameters<RunOf<typeof spec>>[0];
  readonly operands: readonly string[];
  readonly script: string;
}

/** Into the block of a script (PEP 723); its lock, if it has one, comes along. */
export function addToScript(call: Call, session: Session): Promise<Report> {
  refuseProjectFlags("add", call.options);
  if (call.options.index !== undefined) throw usageError("add", "`--script` and `--index` exclude each other");
  return asUnchanged(() => withRetry(() => addOnce(call, session)));
}

async function addOnce({ options, operands, script }: Call, session: Session): Promise<Report> {
  const target = await openScript(script, session);
  const { file, toml } = target;
  const around: Around = { project: { members: [], isWorkspace: false }, folder: path.dirname(file), session };
  const manner = { ...options, index: undefined };
  const { demands, constraints } = await readListed(options, session);
  const typed = await Promise.all(operands.map((text) => askedFor(text, manner, around)));
  const asked = joined([...typed, ...demands.map((demand) => placed(demand, manner, around))]);
  const at = ["dependencies"];
  const base = toml === "" ? await newBlock(session) : toml;
  let put = putAll(base, { asked, at });
  const locks = await session.use(Locks);
  const lockOf = (text: string, more = {}) =>
    locks.script({
      file,
      text: target.withBlock(text).replace(/\r\n?/g, "\n"),
      typed: put.typed,
      constraints,
      ...more,
    });
  let locked = options.frozen ? undefined : await lockOf(put.text);
  const bounded = locked && withBounds(asked, { puts: put.puts, lock: locked.lock, bounds: options.bounds });
  if (locked && bounded && bounded !== asked) {
    put = putAll(base, { asked: bounded, at });
    if (locked?.held) locked = await lockOf(put.text, { previous: locked.lock });
  }
  if (!options.dryRun) await writeScript({ target, toml: put.text, held: locked?.held }, session);
  openProjectText(put.text, { file, shown: target.shown });
  return addReport(
    {
      puts: put.puts,
      edited: { files: [], before: locked?.before },
      lock: locked?.lock,
      file,
      list: { kind: "dependencies" },
      isDryRun: options.dryRun,
    },
    session,
  );
}

/** For the Pythons from the one in use on: what it was tried with. */
async function newBlock(session: Session): Promise<string> {
  const { tags } = await (await session.use(Interpreters)).find({});
  return `requires-python = ">=${tags.python.join(".")}"\n`;
}
