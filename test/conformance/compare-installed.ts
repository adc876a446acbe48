import { createHash } from "node:crypto";
import type { InspectedEnvironment, InstalledFile } from "./inspected.ts";
import type { ExpectedFile, WheelVerdict } from "./oracle.ts";

/** Files of `.dist-info` that the installer writes itself, or writes anew. */
const INSTALLERS_OWN = /^[^/]+\.dist-info\/(INSTALLER|REQUESTED|RECORD|direct_url\.json|uv_cache\.json)$/;

/** The standard keeps signatures out of RECORD. */
const NEVER_RECORDED = /\/RECORD(\.jws|\.p7s)?$/;

/**
 * Complaints about an environment into which one wheel should have been installed. Of a wheel that another program
 * built, files in `.dist-info` may differ: back ends copy what they find.
 */
export function compareInstalled(
  wheel: WheelVerdict,
  end: { readonly environment: InspectedEnvironment | undefined; readonly said: string },
  isBuilt = false,
): string[] {
  const { environment } = end;
  if (environment === undefined) return [`should install, but: ${end.said}`];
  return [
    ...compareMetadata(wheel, environment),
    ...compareSite(wheel, environment).filter((complaint) => !isBuilt || !/^[^/]+\.dist-info\//.test(complaint)),
    ...compareScripts(wheel, environment),
    ...compareData(wheel, environment),
  ];
}

function compareMetadata(wheel: WheelVerdict, environment: InspectedEnvironment): string[] {
  const own = Object.entries(environment.distributions).find(([name]) => normalized(name) === wheel.name)?.[1];
  if (own === undefined) return [`importlib.metadata knows no ${wheel.name}`];
  const complaints = [...own.faults];
  if (own.version !== wheel.version) complaints.push(`importlib.metadata says version ${own.version}`);
  if (own.installer === "") complaints.push("INSTALLER is missing");
  const recorded = new Set(own.recorded);
  for (const file of Object.keys(wheel.schemes?.["root"] ?? {})) {
    if (!recorded.has(file) && !NEVER_RECORDED.test(file)) complaints.push(`RECORD does not list ${file}`);
  }
  for (const script of scriptNames(wheel)) {
    if (!own.recorded.some((file) => file.endsWith(`/${script}`))) complaints.push(`RECORD does not list ${script}`);
  }
  return complaints;
}

function compareSite(wheel: WheelVerdict, { site, distributions }: InspectedEnvironment): string[] {
  const expected = wheel.schemes?.["root"] ?? {};
  const complaints = Object.entries(expected).flatMap(([file, row]) =>
    INSTALLERS_OWN.test(file) ? [] : compareFile(file, row, site[file]),
  );
  if (Object.keys(distributions).length > 1) return complaints; // the others have files too
  const extra = Object.keys(site).filter(
    (file) => !(file in expected) && !INSTALLERS_OWN.test(file) && !/(^|\/)__pycache__\/|^_pybun[^/]*$/.test(file),
  );
  return [...complaints, ...extra.map((file) => `${file} is no file of the wheel`)];
}

function compareFile(file: string, expected: ExpectedFile, found: InstalledFile | undefined): string[] {
  if (found === undefined) return [`${file} is missing`];
  const complaints: string[] = [];
  if (found.sha256 !== expected.sha256) complaints.push(`${file} has other content`);
  if ((found.mode & 0o400) === 0) complaints.push(`${file} can't be read`);
  if (expected.executable && (found.mode & 0o100) === 0) complaints.push(`${file} lost its execute bit`);
  return complaints;
}

const entryNames = (wheel: WheelVerdict): string[] => [
  ...Object.keys(wheel.entry_points?.["console_scripts"] ?? {}),
  ...Object.keys(wheel.entry_points?.["gui_scripts"] ?? {}),
];

const scriptNames = (wheel: WheelVerdict): string[] => [
  ...new Set([...Object.keys(wheel.schemes?.["scripts"] ?? {}), ...entryNames(wheel)]),
];

function compareScripts(wheel: WheelVerdict, environment: InspectedEnvironment): string[] {
  const generated = new Set(entryNames(wheel));
  return scriptNames(wheel).flatMap((script) => {
    const found = environment.scripts[script];
    if (found === undefined) return [`the script ${script} is missing`];
    const complaints = (found.mode & 0o500) === 0o500 ? [] : [`the script ${script} can't be run`];
    const shipped = wheel.schemes?.["scripts"]?.[script];
    if (generated.has(script)) return [...complaints, ...checkLauncher(script, found, environment)];
    if (shipped?.rest === undefined) {
      return shipped?.sha256 === found.sha256 ? complaints : [...complaints, `the script ${script} has other content`];
    }
    if (shipped.rest !== found.rest) complaints.push(`the script ${script} has other content below its first line`);
    return [...complaints, ...checkLauncher(script, found, environment)];
  });
}

/** The first line leads to the environment's interpreter, directly or through a shell where the path is too long. */
function checkLauncher(script: string, found: InstalledFile, { prefix }: InspectedEnvironment): string[] {
  const isDirect = found.first?.startsWith(`#!${prefix}/`) === true;
  return isDirect || found.first === "#!/bin/sh" ? [] : [`the script ${script} begins with ${found.first}`];
}

function compareData(wheel: WheelVerdict, { atRoot }: InspectedEnvironment): string[] {
  return Object.entries(wheel.schemes?.["data"] ?? {}).flatMap(([file, { sha256 }]) => {
    const data = atRoot(file);
    if (data === undefined) return [`${file} is missing at the root of the environment`];
    return createHash("sha256").update(data).digest("hex") === sha256 ? [] : [`${file} has other content`];
  });
}

const normalized = (name: string): string => name.replace(/[-_.]+/g, "-").toLowerCase();
