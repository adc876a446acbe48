// Also part of the start of the executable: it imports nothing.

const DELIMITER = process.platform === "win32" ? ";" : ":";
type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The variables a child sees: the caller's, the environment's folder first on PATH as activation would put it, and none
 * of the runtime PyBun is made with. Pure.
 */
export function childEnvironment(
  variables: Variables,
  environment: { path: string; python: string; scriptsBelow?: string },
  added: Variables = {},
): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...variables, ...added }))
    if (value !== undefined && !name.startsWith("BUN_")) all[name] = value;
  const scripts = folderOf(environment.python);
  if (folderOf(scripts) !== environment.path) return all;
  const onPath = all["PATH"] ?? "";
  const first = [scripts, ...(environment.scriptsBelow === undefined ? [] : [environment.scriptsBelow])].join(
    DELIMITER,
  );
  if (!`${onPath}${DELIMITER}`.startsWith(`${first}${DELIMITER}`))
    all["PATH"] = onPath === "" ? first : `${first}${DELIMITER}${onPath}`;
  all["VIRTUAL_ENV"] = environment.path;
  delete all["PYTHONHOME"];
  return all;
}

const folderOf = (file: string): string => file.slice(0, Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")));
