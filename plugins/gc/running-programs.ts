import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

/** The programs that run now, as far as this user may see them. */
export interface Programs {
  /** Their command lines. */
  readonly commands: string;
  /** These, their variables and the names of all files they have mapped. */
  readonly words: string;
}

export function runningPrograms(): Programs {
  if (process.platform === "win32") return { commands: "", words: "" };
  if (!fs.existsSync("/proc/self/maps")) {
    const { stdout } = spawnSync("ps", ["-axww", "-o", "command="], { encoding: "utf8" });
    return { commands: stdout ?? "", words: stdout ?? "" };
  }
  const commands: string[] = [];
  const others: string[] = [];
  for (const name of fs.readdirSync("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    commands.push(`${contentOf(`/proc/${name}/cmdline`)}\n`);
    for (const file of ["maps", "environ"]) others.push(contentOf(`/proc/${name}/${file}`));
  }
  return { commands: commands.join(""), words: [...commands, ...others].join("\n") };
}

/** Environments whose Python runs now, wherever they lie. */
export function runningEnvironments({ commands }: Programs): readonly string[] {
  const roots = new Set<string>();
  for (const [, root] of commands.matchAll(/(?:^|[\n\0\s])(\/[^\n\0]*?)\/bin\/python[\d.]*(?=[\s\0])/g))
    if (root && fs.existsSync(path.join(root, "pyvenv.cfg"))) roots.add(root);
  return [...roots];
}

function contentOf(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    // Another user's, or it has just ended.
    return "";
  }
}
