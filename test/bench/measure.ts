import { spawnSync } from "node:child_process";
import { isServer, waitForStragglers } from "../harness/stragglers.ts";
import { differingPackages } from "./packages.ts";
import { peakMemoryMb } from "./peak-memory.ts";
import type { Row, Scenario, Side } from "./scenario.ts";
import { pairedRatio, timing } from "./statistics.ts";

/** Runs a scenario in pairs, first ours, then theirs, and compares what they installed. Throws when a command fails. */
export function measure(scenario: Scenario, sides: { readonly ours: Side; readonly theirs: Side }): Row {
  const both = [sides.ours, sides.theirs] as const;
  for (const side of both) scenario.prepare?.(side);
  // Twice: the first fills the caches, the second what is only kept from a first use on.
  for (const side of [...both, ...both]) time(scenario, side);
  const times: [number[], number[]] = [[], []];
  for (let pair = 0; pair < scenario.pairs; pair++) {
    for (const [index, side] of both.entries()) times[index]?.push(time(scenario, side));
  }
  const [ours, theirs] = times;
  const memory = scenario.isMemoryMeasured ? both.map((side) => memoryOf(scenario, side)) : [];
  const mark = scenario.environments === undefined ? undefined : differing(scenario.environments, sides);
  return {
    scenario: scenario.name,
    summary: scenario.summary,
    on: scenario.on,
    peer: scenario.peer,
    pairs: scenario.pairs,
    pybun: timing(ours),
    other: timing(theirs),
    ratio: pairedRatio(ours, theirs),
    ...(memory.includes(undefined) || memory.length === 0 ? {} : { peakMb: memory as [number, number] }),
    ...(scenario.target === undefined ? {} : { target: scenario.target }),
    ...(mark === undefined ? {} : { mark }),
  };
}

function time(scenario: Scenario, side: Side): number {
  scenario.reset?.(side);
  const { program = side.program, argv, env } = scenario.command(side);
  const startedAtMs = performance.now();
  const { status, signal, stderr } = spawnSync(program, argv, {
    cwd: side.cwd,
    env: { ...side.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  });
  const tookMs = performance.now() - startedAtMs;
  // Work left to a process in the background must not slow down whoever is timed next.
  waitForStragglers(side.data, 60_000, isServer);
  if (status !== 0) {
    throw new Error(
      `${scenario.name}: ${side.tool} ${argv.join(" ")} ended with ${status ?? signal}: ${stderr.trim()}`,
    );
  }
  return tookMs;
}

/** A run of its own: being watched takes time. */
function memoryOf(scenario: Scenario, side: Side): number | undefined {
  scenario.reset?.(side);
  const peakMb = peakMemoryMb(side, scenario.command(side));
  waitForStragglers(side.data, 60_000, isServer);
  return peakMb;
}

function differing(
  folderOf: (side: Side) => string,
  { ours, theirs }: { readonly ours: Side; readonly theirs: Side },
): string | undefined {
  const differences = differingPackages(folderOf(ours), folderOf(theirs));
  return differences.length === 0 ? undefined : `environments differ: ${differences.join(", ")}`;
}
