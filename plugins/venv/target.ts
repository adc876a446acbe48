import { warning } from "../../plugin-api/diagnostic.ts";
import { PybunError } from "../../plugin-api/error.ts";
import type { Event } from "../../plugin-api/event.ts";
import type { Misfit, PythonRequest, SelectedEnvironment, TargetEnvironment } from "../../plugin-api/services.ts";
import { globalEnvironment, isEnvironment, projectEnvironment, shownPath } from "./places.ts";
import { type Selecting, selectEnvironment } from "./select.ts";

/** Where packages for the working directory go (SPEC ENV-04, ENV-12). */
export async function targetEnvironment(
  asked: PythonRequest,
  selecting: Selecting,
  emit: (event: Event) => void,
): Promise<TargetEnvironment> {
  const selected = await selectEnvironment(selecting, "to change");
  if (!selected) return toBeMade(asked, selecting);
  const misfit = await selecting.interpreters.misfit(selected.environment.interpreter, asked);
  if (!misfit) {
    if (selected.source === "project") await selecting.interpreters.checkProject(selected.environment.interpreter);
    return asTarget(selected);
  }
  if (selected.source === "project") return { ...(await toBeMade(asked, selecting)), replaced: selected.environment };
  if (selected.source === "global") return toBeMade(asked, selecting);
  const said = mismatch(selected, misfit, selecting);
  if (misfit.origin === "--python") throw said.error;
  emit({ type: "Diagnostic", diagnostic: said.warning });
  return asTarget(selected);
}

const asTarget = (selected: SelectedEnvironment): TargetEnvironment => ({
  root: selected.path,
  source: selected.source,
  interpreter: selected.environment.interpreter,
  selected,
});

async function toBeMade(asked: PythonRequest, { around, interpreters, read }: Selecting): Promise<TargetEnvironment> {
  const interpreter = await interpreters.find(asked);
  const own = projectEnvironment(around);
  if (own !== undefined) {
    await interpreters.checkProject(interpreter);
    return { root: own, source: "project", interpreter };
  }
  const root = globalEnvironment(around.host, interpreter);
  if (!isEnvironment(root)) return { root, source: "global", interpreter };
  const environment = await read({ root });
  const selected = { path: root, source: "global", python: environment.python, environment } as const;
  return { root, source: "global", interpreter: environment.interpreter, selected };
}

function mismatch(selected: SelectedEnvironment, { request, origin }: Misfit, { around }: Selecting) {
  const { version } = selected.environment.interpreter;
  const message = `\`${shownPath(selected.path, around)}\` has Python ${version}, ${origin} asks for \`${request}\``;
  const detail = {
    hints: [`make an environment of its own: \`pybun env create --python "${request}"\``],
    context: { path: selected.path, source: selected.source, version, request, origin },
  };
  return {
    error: new PybunError("E_PYTHON_MISMATCH", message, detail),
    warning: warning("W_PYTHON_MISMATCH", message, detail),
  };
}
