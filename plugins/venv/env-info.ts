import type { RunOf } from "../../plugin-api/command.ts";
import { readEnvironmentStamp } from "../../plugin-api/system/environment-stamp.ts";
import { asData, chosen, reasonFor } from "./chosen.ts";
import type { info as spec } from "./commands.ts";
import { shownPath } from "./places.ts";

const info: RunOf<typeof spec> = async (_options, _operands, session) => {
  const { selected, around } = await chosen(session);
  const { environment } = selected;
  const { interpreter, installed, root, sitePackages } = environment;
  const stamp = readEnvironmentStamp(root);
  const links = stamp?.linkMode ?? null;
  return {
    exitCode: 0,
    data: {
      env: asData(selected),
      version: interpreter.version,
      implementation: interpreter.implementation,
      base: interpreter.basePath,
      site_packages: sitePackages,
      packages: installed.length,
      link_mode: links,
      generation: stamp?.generation ?? null,
      pybun: stamp?.pybun ?? null,
    },
    text: (ui) => {
      const rows: readonly (readonly [string, string])[] = [
        ["path", `${ui.name(shownPath(root, around))}  ${ui.dim(reasonFor(selected))}`],
        ["python", `${interpreter.version}  ${ui.dim(shownPath(interpreter.basePath, around))}`],
        ["packages", `${installed.length}${links === null ? "" : `  ${ui.dim(WORDS[links])}`}`],
        ["made by", stamp ? `PyBun ${stamp.pybun}` : "another tool"],
      ];
      return rows.map(([key, value]) => `${ui.dim(key.padEnd(8))}  ${value}`).join("\n");
    },
  };
};
export default info;

const WORDS = {
  tree: "folders linked to the store",
  clone: "files cloned from the store",
  hardlink: "files linked to the store",
  copy: "files copied from the store",
} as const;
