import fs from "node:fs";
import path from "node:path";
import { writeFakePython } from "../harness/fake-python.ts";
import { packFakePython } from "../harness/fake-python-tar.ts";
import type { Place } from "../harness/project.ts";
import { writePythonMirror } from "../harness/python-mirror.ts";
import type { Scenario } from "../scenarios/scenario.ts";

/** What the scripts that stand for interpreters call. */
const TOOLS = ["cat", "sed", "dirname"];

/** Gives a place the interpreters of a story and no others; returns the environment in which that is so. */
export function makeMachine(
  place: Place,
  { found, offered }: NonNullable<Scenario["pythons"]>,
): Readonly<Record<string, string>> {
  const bin = path.join(place.home, "bin");
  fs.mkdirSync(bin);
  for (const version of found) {
    writeFakePython(path.join(bin, `python${version.split(".").slice(0, 2).join(".")}`), { version });
  }
  for (const tool of TOOLS) {
    const file = ["/usr/bin", "/bin"].map((folder) => path.join(folder, tool)).find((each) => fs.existsSync(each));
    if (file !== undefined) fs.symlinkSync(file, path.join(bin, tool));
  }
  const archives = offered.map((version) => packFakePython({ version }));
  const mirror = writePythonMirror(path.join(place.root, "pythons"), archives);
  return {
    PATH: bin,
    PYBUN_PYTHON_MIRROR: mirror.url,
    PYBUN_PYTHON_MIRROR_KEY: mirror.publicKey,
  };
}
