import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import type { Distribution } from "./distributions.ts";

/** How `freeze` names what is installed as editable: its repository and commit, else its folder. */
export function editableLines(
  { displayName, version }: Pick<Distribution, "displayName" | "version">,
  location: string,
): readonly string[] {
  const top = git(location, "rev-parse", "--show-toplevel");
  if (top === undefined)
    return [`# Editable install with no version control (${displayName}==${version})`, `-e ${location}`];
  const remote = git(location, "config", "--get", "remote.origin.url");
  const commit = git(location, "rev-parse", "HEAD");
  if (remote === undefined || commit === undefined)
    return [`# Editable Git install with no remote (${displayName}==${version})`, `-e ${location}`];
  const below = path.relative(fs.realpathSync(top), fs.realpathSync(location)).replaceAll("\\", "/");
  const subdirectory = below === "" ? "" : `&subdirectory=${below}`;
  return [`-e git+${asUrl(remote)}@${commit}#egg=${displayName.replaceAll("-", "_")}${subdirectory}`];
}

/** `git@host:path` as a URL. */
const asUrl = (remote: string): string =>
  /^[a-z][a-z0-9+.-]*:\/\//i.test(remote) ? remote : remote.replace(/^([^:/]+@[^:/]+):/, "ssh://$1/");

function git(folder: string, ...words: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync("git", ["-C", folder, ...words], { encoding: "utf8" });
  const text = stdout?.trim() ?? "";
  return status === 0 && text !== "" ? text : undefined;
}
