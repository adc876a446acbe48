import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import type { Environment, Installed } from "../../plugin-api/model/environment.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import type { Pin } from "../../plugin-api/model/resolution.ts";
import type { Pyproject } from "../../plugin-api/project/pyproject.ts";
import type { Session } from "../../plugin-api/session.ts";

export interface OwnOrder {
  readonly members: readonly Pyproject[];
  /** Pins of the lock, among them those of members that others need. */
  readonly pins: readonly Pin[];
  readonly interpreter: Interpreter;
  readonly present: Environment | undefined;
}

/** The project itself, or the members of the workspace, as editable installations: a change to them counts at once. */
export async function ownPins({ members, pins, interpreter, present }: OwnOrder, session: Session): Promise<Pin[]> {
  const folders = new Map<PackageName, string>();
  for (const { name, folder, isPackage } of members) if (name !== undefined && isPackage) folders.set(name, folder);
  for (const { name, source } of pins) if (source.kind === "member") folders.set(name, source.path);
  const own = [...folders].map(async ([name, folder]): Promise<Pin> => {
    const installed = present?.installed.find((each) => each.name === name);
    const unchanged = installed && unchangedSha256(installed, folder);
    if (installed && unchanged) return editable({ name, folder, version: installed.version, wheel: unchanged });
    const version = await versionOf(name, folder, { interpreter, session });
    return editable({ name, folder, version });
  });
  return Promise.all(own);
}

/** Files that decide how a project is built and what it requires. */
const DECIDING = ["pyproject.toml", "setup.py", "setup.cfg"];

/** The wheel an editable project was installed from, when it is the same folder and was not declared anew since. */
function unchangedSha256({ infoPath, wheelSha256 }: Installed, folder: string): Sha256 | undefined {
  if (wheelSha256 === undefined) return undefined;
  try {
    const { url, dir_info: about } = JSON.parse(fs.readFileSync(path.join(infoPath, "direct_url.json"), "utf8")) as {
      readonly url?: string;
      readonly dir_info?: { readonly editable?: boolean };
    };
    if (about?.editable !== true || url !== pathToFileURL(folder).href) return undefined;
  } catch {
    return undefined;
  }
  const madeMs = fs.statSync(infoPath).mtimeMs;
  const isOlder = (name: string): boolean =>
    (fs.statSync(path.join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0) < madeMs;
  return DECIDING.every(isOlder) ? wheelSha256 : undefined;
}

async function versionOf(
  name: PackageName,
  folder: string,
  { interpreter, session }: { readonly interpreter: Interpreter; readonly session: Session },
): Promise<string> {
  const url = `${pathToFileURL(folder).href}#editable=true`;
  const requirement = { name, extras: [], specifier: "", marker: "", url };
  const [page] = await session.run("fetch.versions", { name, requirement, interpreter });
  return page?.version(0) ?? "0";
}

function editable(own: {
  readonly name: PackageName;
  readonly folder: string;
  readonly version: string;
  readonly wheel?: Sha256;
}): Pin {
  const { name, folder, version, wheel } = own;
  const file = {
    filename: path.basename(folder),
    url: pathToFileURL(folder).href,
    isYanked: false,
    hasMetadataFile: false,
  };
  return {
    name,
    version,
    source: { kind: "path", path: folder, isEditable: true },
    // What is installed already is told by its wheel; otherwise the folder has to be built.
    file: wheel === undefined ? { ...file, kind: "sdist" } : { ...file, kind: "wheel", sha256: wheel },
    extras: [],
    dependencies: [],
    isDirect: true,
  };
}
