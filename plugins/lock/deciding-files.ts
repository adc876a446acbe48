import path from "node:path";
import type { LockInputs } from "./inputs.ts";
import { placesBehind } from "./is-current.ts";
import type { LockView } from "./kept.ts";
import { localFiles } from "./local-state.ts";
import type { Subject } from "./subject.ts";

/** Files and folders whose change may change whether a lock is up to date, beside those of settings. */
export const decidingFiles = ({ file, watched, inputs }: Subject, view: LockView): readonly string[] => [
  file,
  ...watched,
  ...localIn(inputs),
  ...placesBehind(view, inputs.base).flatMap(localFiles),
];

const localIn = ({ roots, overrides, dynamic }: LockInputs): readonly string[] => [
  ...[...roots.map(({ demand }) => demand), ...overrides].flatMap(({ requirement: { url } }) =>
    url?.startsWith("file:") ? localFiles(url) : [],
  ),
  ...dynamic.flatMap(({ folder }) => ["setup.py", "setup.cfg"].map((name) => path.join(folder, name))),
];
