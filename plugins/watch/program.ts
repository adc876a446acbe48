import path from "node:path";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { Bootstrap, Invocation, Outcome } from "../../plugin-api/stages.ts";
import { temporaryFolder } from "../../plugin-api/system/temporary-folder.ts";
import type { WatchConfig } from "./config.ts";
import { type Link, openLink } from "./link.ts";
import { descendants, isAlive, type Process, processOf, signalTo } from "./processes.ts";
import agent from "./python/agent.py" with { type: "text" };

/** A program that runs, or has ended. */
export interface Program {
  readonly link: Link | undefined;
  /** Settles with the program; rejects where it could not be run. */
  readonly ended: Promise<Outcome>;
  /** Ends it and all that it has started: SIGTERM, five seconds, SIGKILL (SPEC WAT-05). */
  stop(): Promise<void>;
}

export interface ProgramOrder {
  readonly invocation: Invocation;
  readonly config: WatchConfig;
  /** What is PyBun's own among its children. */
  readonly spared: ReadonlySet<number>;
}

const GRACE_MS = 5_000;
const LOOK_MS = 20;

/** A new start was asked for; nobody but the loop sees it. */
class Stopped extends Error {}

export async function beginProgram(order: ProgramOrder, session: Session): Promise<Program> {
  const { invocation, config, spared } = order;
  const folder = temporaryFolder(path.join((await session.use(Host)).dataDir, "tmp"));
  const link = await openLink(folder);
  const controller = new AbortController();
  const { roots, isHot: is_hot } = config;
  const own: Bootstrap = { name: "watch", source: agent, config: { roots, is_hot } };
  const ended = session.run("run", {
    ...invocation,
    env: { ...invocation.env, ...link?.env },
    ...(link && { bootstraps: [...(invocation.bootstraps ?? []), own] }),
    signal: controller.signal,
    // PyBun stays beside the program.
    cleanUps: [...invocation.cleanUps, () => undefined],
  });
  let hasEnded = false;
  const settled = ended.then(
    () => void (hasEnded = true),
    () => void (hasEnded = true),
  );
  return {
    link,
    ended,
    async stop() {
      const all = processesOf(link?.pid(), spared);
      controller.abort(new Stopped());
      if (!hasEnded) for (const each of all) signalTo(each, "SIGTERM");
      await settled;
      await allGone(all);
      link?.close();
      folder.remove();
    },
  };
}

/** The program and what it started, but for what made a session of its own to outlive it. */
function processesOf(agentPid: number | undefined, spared: ReadonlySet<number>): readonly Process[] {
  const own = processOf(process.pid);
  const first = agentPid === undefined ? undefined : processOf(agentPid);
  const found = new Map<number, Process>();
  if (first) found.set(first.pid, first);
  const below = [...descendants(process.pid), ...(first ? descendants(first.pid) : [])];
  for (const each of below) if (each.session === own?.session && !spared.has(each.pid)) found.set(each.pid, each);
  return [...found.values()];
}

async function allGone(all: readonly Process[]): Promise<void> {
  const endsAtMs = Date.now() + GRACE_MS;
  while (all.some(isAlive) && Date.now() < endsAtMs) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  for (const each of all) signalTo(each, "SIGKILL");
}
