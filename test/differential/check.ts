import fs from "node:fs";
import path from "node:path";
import { executablePath } from "../harness/executable.ts";
import { differences } from "./compare.ts";
import { byPybun, type Observed, observe, plainly, type Starter } from "./observe.ts";
import type { Program } from "./programs.ts";
import type { Scene } from "./scene.ts";
import { ASKED, compareServed, SERVED, startDaemon } from "./served.ts";

/**
 * The ways PyBun starts a program: `first`, when it has yet to find out how; `again`, when it remembers; `captured`, when it
 * waits for it and hands its output on as JSON; `asked`, when a daemon remembers, and the process that was started never was more than
 * its client; `served`, when a fork server runs it, which that client asks.
 */
export type Way = "first" | "again" | "captured" | "asked" | "served";
export const WAYS: readonly Way[] = ["first", "again", "captured", "asked", "served"];
/** They run in the background, for what comes later. */
export const BACKGROUND: readonly Way[] = ["asked", "served"];

export const fits = ({ since, only }: Program, { python }: Scene): boolean =>
  (since === undefined || Number(since.split(".")[1]) <= python.version[1]) &&
  (only === undefined || only === process.platform);

/** What PyBun does otherwise than Python, a line each. */
export async function check(program: Program, scene: Scene, ways: readonly Way[]): Promise<readonly string[]> {
  const lines: string[] = [];
  const plains: readonly (readonly [readonly Way[], Starter])[] = [
    [["first", "again", "captured"], plainly(scene)],
    [["asked"], { ...plainly(scene), env: ASKED }],
    [["served"], { ...plainly(scene), env: SERVED, isLed: true }],
  ];
  for (const [together, plain] of plains) {
    const started = together.filter((way) => ways.includes(way));
    if (started.length === 0) continue;
    const wanted = await observe(program, scene, plain);
    const before = lines.length;
    for (const way of started)
      lines.push(...(await compare[way](program, scene, wanted)).map((line) => `${way}: ${line}`));
    if (lines.length === before) continue;
    const unsteady = differences(program, wanted, await observe(program, scene, plain));
    lines.push(...unsteady.map((line) => `python itself does not do the same twice: ${line}`));
  }
  return lines;
}

type Compare = (program: Program, scene: Scene, wanted: Observed) => Promise<readonly string[]>;

const compare: Readonly<Record<Way, Compare>> = {
  first: async (program, scene, wanted) => {
    fs.rmSync(path.join(scene.data, "run-stamps"), { recursive: true, force: true });
    return differences(program, wanted, await observe(program, scene, byPybun));
  },
  again: async (program, scene, wanted) => differences(program, wanted, await observe(program, scene, byPybun)),
  asked: async (program, scene, wanted) => {
    startDaemon(scene);
    const asked = { ...byPybun, env: ASKED };
    const lines = differences(program, wanted, await observe(program, scene, asked));
    return lines.concat(differences(program, wanted, await observe(program, scene, asked)));
  },
  served: compareServed,
  captured: async (program, scene, wanted) => {
    const { shell, terminal, uncaptured } = program;
    if (shell !== undefined || terminal !== undefined || uncaptured !== undefined) return [];
    const { stdout, stderr, files } = await observe(program, scene, captured);
    const envelope = JSON.parse(Buffer.from(stdout, "latin1").toString()) as { readonly data: Captured };
    const { data } = envelope;
    const bytes = (text: string): string => Buffer.from(text).toString("latin1");
    return differences(program, wanted, {
      stdout: bytes(data.stdout),
      stderr: stderr + bytes(data.stderr),
      status: data.signal ?? `exit ${data.exit_code}`,
      files,
    });
  },
};

interface Captured {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit_code: number;
  readonly signal: string | null;
}

const captured: Starter = { ...byPybun, words: [executablePath(), "--format=json", "run"] };
