import path from "node:path";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Interpreters } from "../../plugin-api/services.ts";
import { identify, identifyPath } from "../../plugins/python/identify.ts";
import type { Python } from "./python.ts";

/** What the product knows of a real interpreter. `dataDir` is where it remembers it. */
export async function describeInterpreter(python: Python, dataDir: string): Promise<Interpreter> {
  const found = await identify(python.path, "path", placeIn(dataDir));
  if ("interpreter" in found) return found.interpreter;
  throw new Error(`${found.path} ${found.reason}`);
}

/** An `Interpreters` service that finds `interpreter` whatever version is asked for, and looks at paths as the product does. */
export function onlyInterpreter(interpreter: Interpreter, dataDir: string): Interpreters {
  const service: Interpreters = {
    find: async ({ request }) => (request?.includes(path.sep) ? service.probe(request, "explicit") : interpreter),
    list: async () => [interpreter],
    misfit: async () => undefined,
    wanted: async () => [],
    checkProject: async () => {},
    probe: async (file, source) => {
      const found = await identifyPath(file, source, placeIn(dataDir));
      if ("interpreter" in found) return found.interpreter;
      const { PybunError } = await import("../../plugin-api/error.ts");
      throw new PybunError("E_PYTHON_NOT_FOUND", `\`${file}\` ${found.reason}`);
    },
  };
  return service;
}

const placeIn = (dataDir: string) => ({
  env: process.env,
  home: process.env["HOME"] ?? "/",
  platform: process.platform,
  dataDir,
});
