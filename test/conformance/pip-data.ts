import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { choices } from "./choices.ts";
import { compareInstalled } from "./compare-installed.ts";
import { installAndInspect } from "./inspected.ts";
import { type CaseResult, eachCase, judged, type Kind, skipped } from "./kind.ts";
import { judgeWheels, neededProjects, type WheelVerdict } from "./oracle.ts";
import { backends, findTools, sourceArchives, type Tools, unmet } from "./source-archives.ts";

const ARCHIVE = /\.(whl|tar\.gz|tar\.xz|tar\.bz2|zip)$/;

/** A folder of real distributions: what each must become is read from the file itself by an oracle of its own. */
export const pipData: Kind = {
  name: "pip-data",
  claims: (folder) => fs.readdirSync(folder).some((name) => ARCHIVE.test(name)),
  run: async (folder) => {
    const names = fs.readdirSync(folder).filter((name) => ARCHIVE.test(name));
    const wheels = judgeWheels(names.filter((name) => name.endsWith(".whl")).map((name) => path.join(folder, name)));
    const isBuilding = wheels.length < names.length || wheels.some((wheel) => neededProjects(wheel).length > 0);
    const tools = isBuilding ? findTools() : { missing: "nothing is to be built" };
    return [
      ...(await eachCase(wheels, { name: ({ file }) => file, run: (wheel) => wheelCase(folder, wheel, tools) })),
      ...(await choices(folder, wheels, tools)),
      ...(await sourceArchives(folder, names, tools)),
    ];
  },
};

/** A wheel named by its address: installed as it says, or refused. */
async function wheelCase(folder: string, wheel: WheelVerdict, tools: Tools): Promise<CaseResult> {
  const name = wheel.name ?? wheel.file.split("-", 1)[0] ?? wheel.file;
  const url = pathToFileURL(path.join(folder, wheel.file)).href;
  const lacking = unmet(wheel, folder, tools);
  if (lacking !== undefined) return skipped(wheel.file, lacking);
  const end = await installAndInspect([`${name} @ ${url}`], folder, backends(tools));
  if (wheel.verdict === "install") return judged(wheel.file, compareInstalled(wheel, end));
  const isRefused = end.environment === undefined && end.isRefusal;
  return judged(wheel.file, isRefused ? [] : [`should be refused (${wheel.reason}), but: ${end.said}`]);
}
