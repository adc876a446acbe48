import fs from "node:fs";
import path from "node:path";
import { PACKAGE_TOOLS, type PackageNames, type PackageTool } from "./system-packages.ts";

interface System {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
}

const TOOLS: Readonly<Record<string, readonly PackageTool[]>> = {
  linux: ["apt", "dnf", "apk", "pacman"],
  darwin: ["brew"],
  win32: ["winget"],
};

/** The command that installs one of these packages on this system; undefined where none is known to work. */
export function installCommand(packages: PackageNames | undefined, system: System): string | undefined {
  const folders = (system.env["PATH"] ?? "").split(path.delimiter).filter(Boolean);
  const tool = TOOLS[system.platform]?.find((name) =>
    folders.some((folder) => fs.existsSync(path.join(folder, system.platform === "win32" ? `${name}.exe` : name))),
  );
  const wanted = tool && packages?.[tool];
  if (!tool || wanted === undefined) return undefined;
  const isForRoot = system.platform === "linux" && !system.isRoot;
  return `${isForRoot ? "sudo " : ""}${PACKAGE_TOOLS[tool]} ${wanted}`;
}
