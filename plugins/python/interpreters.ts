import path from "node:path";
import { warning } from "../../plugin-api/diagnostic.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { ManagedPythons } from "../../plugin-api/managed-pythons.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import { Host, type Interpreters, SettingsTable } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { type Around, choose, isWithin } from "./choose.ts";
import { identifyPath } from "./identify.ts";
import { readProjectRequires } from "./project-requires.ts";
import { survey } from "./survey.ts";

/** The `Interpreters` service. */
export default async function interpreters(session: Session): Promise<Interpreters> {
  const around = await aroundOf(session);
  const warned = new Set<string>();
  const warn = async (interpreter: Interpreter, { range, origin, reason }: Range): Promise<void> => {
    const message = `Python ${interpreter.version}${reason} is outside \`${range}\`, which ${origin} asks for`;
    if (warned.has(message) || (await isWithin(range, interpreter))) return;
    warned.add(message);
    session.emit({ type: "Diagnostic", diagnostic: warning("W_PYTHON_OUT_OF_RANGE", message) });
  };
  return {
    async find(request) {
      const { interpreter, reason } = await choose(request, { ...around, obtain: true });
      const { requiresPython: range, requiresPythonOrigin: origin = "requires-python" } = request;
      if (range) await warn(interpreter, { range, origin, reason: ` (${reason})` });
      const { path, source, version } = interpreter;
      session.emit({ type: "PythonSelected", path, source, version });
      return interpreter;
    },
    list: async () => (await survey(around.place)).interpreters,
    misfit: async (interpreter, asked) => (await import("./misfit.ts")).misfitOf(interpreter, asked, around),
    wanted: async () => (await import("./wanted.ts")).wantedHere(around),
    async checkProject(interpreter) {
      const range = await around.projectRequires();
      const reason = around.setting ? ` (asked by ${around.setting.origin})` : "";
      if (range) await warn(interpreter, { range, origin: "requires-python", reason });
    },
    async probe(executable, source) {
      const found = await identifyPath(path.resolve(session.cwd, executable), source, around.place);
      if ("interpreter" in found) return found.interpreter;
      throw new PybunError("E_PYTHON_NOT_FOUND", `\`${executable}\` ${found.reason}`, {
        hints: ["see what is there: `pybun python list`"],
        context: { request: executable },
      });
    },
  };
}

/** Bounds, who sets them, and why it is this interpreter all the same. */
interface Range {
  readonly range: string;
  readonly origin: string;
  readonly reason: string;
}

/** What choices depend on in this session. */
export async function aroundOf(session: Session): Promise<Around> {
  const host = await session.use(Host);
  const entry = (await session.use(SettingsTable)).get("python");
  const text = entry?.value;
  const origin = entry?.origin.line === undefined ? entry?.origin.name : `${entry.origin.name}:${entry.origin.line}`;
  return {
    place: host,
    managed: () => managedIn(session),
    cwd: session.cwd,
    projectRoot: host.projectRoot,
    setting: typeof text === "string" && text !== "" ? { text, origin: origin ?? "--python" } : undefined,
    projectRequires: async () => host.projectRoot && readProjectRequires(host.projectRoot),
  };
}

/** A preset may have nobody who installs Pythons. */
async function managedIn(session: Session): Promise<ManagedPythons | undefined> {
  try {
    return await session.use(ManagedPythons);
  } catch (error) {
    if (error instanceof PybunError && error.code === "E_NO_SERVICE") return undefined;
    throw error;
  }
}
