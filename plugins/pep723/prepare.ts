import fs from "node:fs";
import path from "node:path";
import { EnvironmentCache } from "../../plugin-api/environment-cache.ts";
import type { Prepare } from "../../plugin-api/plugin.ts";
import { decodeScript } from "../../plugin-api/python/script-metadata.ts";
import { Host, Interpreters } from "../../plugin-api/services.ts";
import { readScript } from "./read-script.ts";

/** A script with a metadata block runs in the environment its dependencies ask for, made when it is not there yet. */
const prepare: Prepare<"run"> = async (invocation, session) => {
  if (invocation.kind !== "script" || invocation.environment !== undefined) return invocation;
  const file = path.resolve(invocation.cwd, invocation.target);
  if (!fs.statSync(file).isFile() || /\.(?:pyz|pyc|zip)$/i.test(file)) return invocation;
  const block = readScript(decodeScript(fs.readFileSync(file)), invocation.target);
  if (!block) return invocation;
  const { env } = await session.use(Host);
  const { requiresPython, line } = block;
  const origin = `${invocation.target}:${line}`;
  const asked = requiresPython === undefined ? {} : { requiresPython, requiresPythonOrigin: origin, isScript: true };
  const interpreter = await (await session.use(Interpreters)).find(asked);
  const demands = [...block.demands.map((demand) => ({ ...demand, file })), ...(invocation.demands ?? [])];
  const pep723 = { dependencies: block.demands.map(({ text }) => text), requires_python: requiresPython ?? null };
  if (demands.length === 0)
    return {
      ...invocation,
      pep723,
      environment: { path: interpreter.prefix, source: "script", python: interpreter.path },
    };
  const isTemporary = env["PYBUN_PEP723_NO_CACHE"] === "1";
  const cache = await session.use(EnvironmentCache);
  const made = await cache.ensure({
    demands,
    interpreter,
    isTemporary,
    isDryRun: invocation.isDryRun,
    ...(invocation.constraints && { constraints: invocation.constraints }),
    ...(block.excludeNewerMs === undefined ? {} : { policy: { excludeNewerMs: block.excludeNewerMs } }),
  });
  return {
    ...invocation,
    pep723,
    environment: { path: made.root, source: "script", python: made.python, sitePackages: made.sitePackages },
    pins: made.pins,
    isCacheHit: made.isHit,
    cleanUps: [...invocation.cleanUps, ...(isTemporary ? [made.remove] : [])],
  };
};
export default prepare;
