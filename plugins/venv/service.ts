import fs from "node:fs";
import path from "node:path";
import { type Environments, Host, Interpreters } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { environmentBehind } from "../../plugin-api/system/dot-venv.ts";
import { STAMP_FILE } from "../../plugin-api/system/environment-stamp.ts";
import { noteEnvironment } from "../../plugin-api/system/known-environments.ts";
import { alone, complete } from "./guard.ts";
import { listInstalled } from "./installed.ts";
import { aroundOf } from "./places.ts";
import { type Chosen, readEnvironment } from "./read-environment.ts";
import { environmentOf, type Selecting, selectEnvironment } from "./select.ts";
import { writeSkeleton } from "./skeleton.ts";
import { targetEnvironment } from "./target.ts";

/** The `Environments` service. */
export default async function environments(session: Session): Promise<Environments> {
  const [host, interpreters] = await Promise.all([session.use(Host), session.use(Interpreters)]);
  const around = aroundOf(session, host);
  const guard = { dataDir: host.dataDir, signal: session.signal, emit: session.emit };
  const read = async (named: Chosen) => {
    const chosen = { ...named, root: environmentBehind(named.root) };
    await complete(chosen.root, guard);
    // It may have been moved here together with its project.
    if (fs.existsSync(path.join(chosen.root, STAMP_FILE))) noteEnvironment(host.dataDir, chosen.root);
    return readEnvironment(chosen, interpreters, around);
  };
  const selecting: Selecting = { around, interpreters, read };
  return {
    read: (root) => read({ root }),
    of: (interpreter) => environmentOf(interpreter, read),
    select: () => selectEnvironment(selecting),
    target: (asked = {}) => targetEnvironment(asked, selecting, session.emit),
    writeSkeleton: async (destination, directory) =>
      writeSkeleton(destination, directory, { version: host.version, platform: host.platform }),
    installed: listInstalled,
    create: async (destination) => {
      const plan = { destination, existing: undefined, install: [], keep: [], remove: [], digest: "" };
      await session.run("link", { plan, artifacts: [], mode: "auto" });
    },
    alone: (root, change) => alone(root, guard, change),
  };
}
