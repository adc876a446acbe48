import fs from "node:fs";
import path from "node:path";

/** `requires-python` of the project, when its pyproject.toml can be read and has one; a broken file is for others to report. */
export async function readProjectRequires(projectRoot: string): Promise<string | undefined> {
  const file = path.join(projectRoot, "pyproject.toml");
  if (!fs.existsSync(file)) return undefined;
  const text = fs.readFileSync(file, "utf8");
  if (!text.includes("requires-python")) return undefined;
  const { parse } = await import("smol-toml");
  try {
    const project = parse(text)["project"];
    const requires =
      typeof project === "object" && project !== null && "requires-python" in project && project["requires-python"];
    return typeof requires === "string" ? requires : undefined;
  } catch {
    return undefined;
  }
}
