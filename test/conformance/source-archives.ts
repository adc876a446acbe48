import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { pythons } from "../harness/python.ts";
import { compareInstalled } from "./compare-installed.ts";
import { installAndInspect } from "./inspected.ts";
import { type CaseResult, eachCase, judged, skipped } from "./kind.ts";
import { bestFiles, judgeWheels, neededProjects, type WheelVerdict } from "./oracle.ts";

/** Build back ends the archives need, kept between runs. */
const TOOLS = path.join(os.tmpdir(), "pybun-conformance-tools");
const SDIST = /^(?<name>.+)-(?<version>[^-]+)\.(?:tar\.(?:gz|xz|bz2)|zip)$/;

/** What source archives are built with; without it, `missing` says why. */
export type Tools =
  | { readonly pip: readonly string[]; readonly folder: string; readonly missing?: undefined }
  | { readonly missing: string };

/** Why a wheel's requirements can't be met: by files that are not there, or by archives that can't be built. */
export function unmet(wheel: WheelVerdict, folder: string, tools: Tools): string | undefined {
  const needed = neededProjects(wheel);
  const found = bestFiles(fs.readdirSync(folder));
  const absent = needed.find((name) => !found.some((each) => each.name === name));
  if (absent !== undefined) return `requires ${absent}, which is not in the folder`;
  const isBuilding = found.some((each) => needed.includes(each.name) && SDIST.test(each.file));
  return isBuilding ? tools.missing : undefined;
}

/** Folders to look for back ends in. */
export const backends = (tools: Tools): readonly string[] => (tools.missing === undefined ? [tools.folder] : []);

/** Finds pip, and fetches the wheels of the usual back ends once. */
export function findTools(): Tools {
  const pip = pipCommand();
  if (pip === undefined) return { missing: "no Python on PATH has pip to compare with" };
  const missing = fetchBackends(pip);
  return missing === undefined ? { pip, folder: TOOLS } : { missing };
}

/**
 * Source archives: pip builds a wheel of each, the oracle reads it, and the same must be installed here. What pip can't
 * build must be refused. Without pip or the back ends' wheels there is nothing to compare with.
 */
export async function sourceArchives(folder: string, names: readonly string[], tools: Tools): Promise<CaseResult[]> {
  const archives = names.filter((name) => SDIST.test(name));
  if (tools.missing !== undefined) return archives.map((name) => skipped(name, tools.missing));
  const bad = new Set(
    judgeWheels(names.filter((name) => name.endsWith(".whl")).map((name) => path.join(folder, name)))
      .filter((wheel) => wheel.verdict === "refuse")
      .map((wheel) => wheel.name),
  );
  return eachCase(archives, { name: (name) => name, run: (name) => archiveCase({ folder, name, tools, bad }) });
}

interface Archive {
  readonly folder: string;
  readonly name: string;
  readonly tools: Tools & { readonly pip: readonly string[] };
  /** Projects whose wheels in the folder are refused here, although pip takes them. */
  readonly bad: ReadonlySet<string | undefined>;
}

async function archiveCase({ folder, name, tools, bad }: Archive): Promise<CaseResult> {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "built-"));
  try {
    const built = buildWithPip(tools.pip, { archive: path.join(folder, name), folder, scratch });
    const [wheel] = "wheel" in built ? judgeWheels([built.wheel]) : [];
    const lacking = wheel === undefined ? undefined : unmet(wheel, folder, tools);
    if (lacking !== undefined) return skipped(name, lacking);
    const project = (SDIST.exec(name)?.groups?.["name"] ?? name).toLowerCase();
    const url = pathToFileURL(path.join(folder, name)).href;
    const end = await installAndInspect([`${project} @ ${url}`], folder, [TOOLS]);
    const isHeld = end.environment === undefined && end.isRefusal;
    if ("fault" in built) return judged(name, isHeld ? [] : [`pip can't build it (${built.fault}), but: ${end.said}`]);
    if (isHeld && [...bad].some((each) => each !== undefined && end.said.includes(each))) {
      return skipped(name, `pip builds it with a wheel that is refused here: ${end.said}`);
    }
    return judged(name, wheel === undefined ? ["the oracle says nothing"] : compareInstalled(wheel, end, true));
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

function buildWithPip(
  pip: readonly string[],
  place: { readonly archive: string; readonly folder: string; readonly scratch: string },
): { readonly wheel: string } | { readonly fault: string } {
  const from = ["--no-index", "--find-links", place.folder, "--find-links", TOOLS];
  const ended = runPip(pip, ["wheel", "--quiet", "--no-deps", ...from, "--wheel-dir", place.scratch, place.archive]);
  const wheel = fs.readdirSync(place.scratch).find((name) => name.endsWith(".whl"));
  if (ended.status === 0 && wheel !== undefined) return { wheel: path.join(place.scratch, wheel) };
  return { fault: ended.stderr.trim().split("\n").at(-1) ?? "no reason given" };
}

const runPip = (pip: readonly string[], words: readonly string[]): { status: number | null; stderr: string } =>
  spawnSync(pip[0] as string, [...pip.slice(1), ...words], {
    encoding: "utf8",
    timeout: 180_000,
    env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_NO_CACHE_DIR: "1" },
  });

/** The newest interpreter that can run pip. */
function pipCommand(): readonly string[] | undefined {
  return pythons()
    .map((python) => [python.path, "-m", "pip"])
    .find((words) => runPip(words, ["--version"]).status === 0);
}

/** Fetches the back ends with pip; a reason when that is not possible. */
function fetchBackends(pip: readonly string[]): string | undefined {
  const has = (name: string): boolean =>
    fs.existsSync(TOOLS) && fs.readdirSync(TOOLS).some((file) => file.startsWith(`${name}-`));
  if (has("setuptools") && has("wheel")) return undefined;
  const { status, stderr } = runPip(pip, ["download", "--quiet", "--no-deps", "--dest", TOOLS, "setuptools", "wheel"]);
  return status === 0 ? undefined : `setuptools can't be fetched: ${stderr.trim().split("\n").at(-1)}`;
}
