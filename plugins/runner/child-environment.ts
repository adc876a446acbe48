import path from "node:path";

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The variables a child sees: the caller's, the environment's folder first on PATH as activation would put it, and none
 * of the runtime PyBun is made with. Pure.
 */
export function childEnvironment(
  variables: Variables,
  environment: { path: string; python: string },
  added: Variables = {},
): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...variables, ...added }))
    if (value !== undefined && !name.startsWith("BUN_")) all[name] = value;
  const scripts = path.dirname(environment.python);
  if (scripts !== path.join(environment.path, path.basename(scripts))) return all;
  const onPath = all["PATH"] ?? "";
  if (onPath.split(path.delimiter)[0] !== scripts)
    all["PATH"] = onPath === "" ? scripts : `${scripts}${path.delimiter}${onPath}`;
  all["VIRTUAL_ENV"] = environment.path;
  delete all["PYTHONHOME"];
  return all;
}
