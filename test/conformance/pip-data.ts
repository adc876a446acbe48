import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { choices } from "./choices.ts";
import { compareInstalled } from "./compare-installed.ts";
import { installAndInspect } from "./inspected.ts";
import { type CaseResult, eachOf, judged, type Kind } from "./kind.ts";
import { judgeWheels, type WheelVerdict } from "./oracle.ts";
import { sourceArchives } from "./source-archives.ts";

const ARCHIVE = /\.(whl|tar\.gz|tar\.xz|tar\.bz2|zip)$/;

/** A folder of real distributions: what each must become is read from the file itself by an oracle of its own. */
export const pipData: Kind = {
  name: "pip-data",
  claims: (folder) => fs.readdirSync(folder).some((name) => ARCHIVE.test(name)),
  run: async (folder) => {
    const names = fs.readdirSync(folder).filter((name) => ARCHIVE.test(name));
    const wheels = judgeWheels(names.filter((name) => name.endsWith(".whl")).map((name) => path.join(folder, name)));
    return [
      ...(await eachOf(wheels, (wheel) => wheelCase(folder, wheel))),
      ...(await choices(folder, wheels)),
      ...(await sourceArchives(folder, names)),
    ];
  },
};

/** A wheel named by its address: installed as it says, or refused. */
async function wheelCase(folder: string, wheel: WheelVerdict): Promise<CaseResult> {
  const name = wheel.name ?? wheel.file.split("-", 1)[0] ?? wheel.file;
  const url = pathToFileURL(path.join(folder, wheel.file)).href;
  const end = await installAndInspect([`${name} @ ${url}`], folder);
  if (wheel.verdict === "install") {
    if (end.environment === undefined && needsOthers(wheel)) {
      return {
        name: wheel.file,
        outcome: "skipped",
        reason: `needs other packages, which did not install: ${end.said}`,
      };
    }
    return judged(wheel.file, compareInstalled(wheel, end));
  }
  const isRefused = end.environment === undefined && end.isRefusal;
  return judged(wheel.file, isRefused ? [] : [`should be refused (${wheel.reason}), but: ${end.said}`]);
}

/** Requirements that hold without an extra. */
const needsOthers = (wheel: WheelVerdict): boolean =>
  (wheel.requires ?? []).some((requirement) => !/;.*\bextra\b/.test(requirement));
