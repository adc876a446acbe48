import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { childEnding } from "../../plugin-api/child-ending.ts";
import type { RunOf } from "../../plugin-api/command.ts";
import { Interrupted, PybunError } from "../../plugin-api/error.ts";
import { childEnvironment } from "../../plugin-api/launch/child-environment.ts";
import { optionAgainstBootstraps } from "../../plugin-api/launch/python-path.ts";
import { readTarget, type Target } from "../../plugin-api/run-target.ts";
import { Host, Redactor } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { Outcome } from "../../plugin-api/stages.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import { type PathFiles, timePathFiles } from "../../plugin-api/system/path-files.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type { profileCommand as spec } from "./commands.ts";
import { type ImportRecord, importData, readImportRecord } from "./import-record.ts";
import { importText } from "./import-text.ts";
import { leastOf } from "./least.ts";
import source from "./python/imports.py" with { type: "text" };

/** Names the file the Python process writes to; it is taken away before the program begins. */
const VARIABLE = "PYBUN_IMPORT_RECORD";

/** Runs a program and tells what its imports took. */
const imports: RunOf<typeof spec> = async (options, operands, session) => {
  const target = readTarget(operands, session.cwd);
  if (!target) throw usageError("profile", "`pybun profile` needs a script, module, code or command to measure");
  const least = leastOf(options.least);
  const file = options.output === undefined ? undefined : path.resolve(session.cwd, options.output);
  const ending = file && path.extname(file).toLowerCase();
  if (ending !== undefined && ending !== ".html" && ending !== ".json")
    throw usageError("profile", `\`-o ${options.output}\` has to end in .html or .json to hold imports`);
  const host = await session.use(Host);
  const { outcome, record } = await measured(target, session, host.output.format !== "text");
  // What is written may be handed on.
  const { redactSecrets } = await session.use(Redactor);
  const title = redactSecrets(
    [target.kind === "module" ? `-m ${target.target}` : target.target, ...target.args].join(" "),
  );
  if (!record) throw unknown(target, outcome);
  const pathFiles = outcome && pathFilesOf(outcome, host);
  if (file !== undefined) await write(file, { record, pathFiles, title, ending: ending as string });
  return {
    exitCode: outcome?.exitCode ?? INTERRUPTED,
    data: {
      ...importData(record),
      path_files: pathFiles?.files ?? [],
      site_ms: pathFiles?.siteMs ?? null,
      ...(file !== undefined && { path: file }),
      ...(outcome && { exit_code: outcome.exitCode, stdout: outcome.stdout ?? "", stderr: outcome.stderr ?? "" }),
    },
    ...(outcome && childEnding(outcome)),
    text: (ui) => importText(record, { ui, least, pathFiles, file, place: { cwd: session.cwd, home: host.home } }),
  };
};
export default imports;

/** The same Python is started once more: what it does before a program begins can't be watched from within. */
function pathFilesOf({ invocation: { environment, cwd } }: Outcome, { env }: Host): PathFiles | undefined {
  return environment && timePathFiles(environment.python, { env: childEnvironment(env, environment, {}), cwd });
}

/** As shells have it: 128 and the number of SIGINT. */
const INTERRUPTED = 130;

interface Measured {
  /** Absent where somebody ended it by a signal: a server has no other end. */
  readonly outcome?: Outcome;
  readonly record: ImportRecord | undefined;
}

async function measured(target: Target, session: Session, isCaptured: boolean): Promise<Measured> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pybun-imports-"));
  const file = path.join(folder, "record");
  const remove = (): void => fs.rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    const outcome = await session.run("run", {
      ...target,
      cwd: session.cwd,
      env: { [VARIABLE]: file },
      bootstraps: [{ name: "import_record", source, config: VARIABLE }],
      isDryRun: false,
      isCaptured,
      isStreamed: false,
      // With something left to do, PyBun waits for the program.
      cleanUps: [() => {}],
    });
    return { outcome, record: readImportRecord(file) };
  } catch (error) {
    const record = error instanceof Interrupted ? readImportRecord(file) : undefined;
    if (!record) throw error;
    return { record };
  } finally {
    remove();
  }
}

function unknown({ pythonOptions }: Target, outcome: Outcome | undefined): PybunError {
  const against = optionAgainstBootstraps(pythonOptions);
  const why =
    against !== undefined
      ? `with \`${against}\` nothing can take part in a Python process`
      : outcome?.signal !== undefined
        ? `it was ended by ${outcome.signal}`
        : "it is no Python program, or ended without its own end";
  return new PybunError("E_IMPORTS_UNKNOWN", `the program did not tell what it imported: ${why}`, {
    ...(outcome && { context: { exit_code: outcome.exitCode } }),
  });
}

interface Page {
  readonly record: ImportRecord;
  readonly pathFiles: PathFiles | undefined;
  readonly title: string;
  readonly ending: string;
}

async function write(file: string, { record, pathFiles, title, ending }: Page): Promise<void> {
  const data = {
    target: title,
    ...importData(record),
    path_files: pathFiles?.files ?? [],
    site_ms: pathFiles?.siteMs ?? null,
  };
  const text =
    ending === ".json" ? `${JSON.stringify(data, null, 2)}\n` : (await import("./import-page.ts")).importPage(data);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  writeAtomically(file, text);
}
