import fs from "node:fs";
import { installAndInspect } from "./inspected.ts";
import { type CaseResult, eachCase, judged, skipped } from "./kind.ts";
import { bestFiles, type Candidate, type WheelVerdict } from "./oracle.ts";
import { backends, type Tools, unmet } from "./source-archives.ts";

/** Version choice: each project of the folder asked for by its name, with the folder as the only source. */
export async function choices(folder: string, wheels: readonly WheelVerdict[], tools: Tools): Promise<CaseResult[]> {
  const unfit = new Set(wheels.filter((wheel) => wheel.verdict === "unfit").map((wheel) => wheel.file));
  const best = bestFiles(fs.readdirSync(folder).filter((name) => !unfit.has(name)));
  const verdicts = new Map(wheels.map((wheel) => [wheel.file, wheel]));
  return eachCase(
    best.filter((candidate) => verdicts.has(candidate.file)),
    {
      name: choiceOf,
      run: (candidate) => chooseCase({ folder, tools }, candidate, verdicts.get(candidate.file) as WheelVerdict),
    },
  );
}

const choiceOf = ({ name }: Candidate): string => `choice of ${name}`;

async function chooseCase(
  { folder, tools }: { readonly folder: string; readonly tools: Tools },
  candidate: Candidate,
  wheel: WheelVerdict,
): Promise<CaseResult> {
  const name = choiceOf(candidate);
  const lacking = unmet(wheel, folder, tools);
  if (lacking !== undefined) return skipped(name, lacking);
  const end = await installAndInspect([candidate.name], folder, backends(tools));
  const found = Object.entries(end.environment?.distributions ?? {}).find(
    ([own]) => own.replace(/[-_.]+/g, "-").toLowerCase() === candidate.name,
  )?.[1].version;
  if (wheel.verdict === "install") {
    return judged(
      name,
      found === candidate.version ? [] : [`should be ${candidate.version}, but: ${found ?? end.said}`],
    );
  }
  const isHeld = end.environment === undefined && end.isRefusal;
  return judged(name, isHeld ? [] : [`its best file is bad (${wheel.reason}), but: ${found ?? end.said}`]);
}
