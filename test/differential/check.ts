import fs from "node:fs";
import path from "node:path";
import { executablePath } from "../harness/executable.ts";
import { differences } from "./compare.ts";
import { byPybun, type Observed, observe, plainly, type Starter } from "./observe.ts";
import type { Program } from "./programs.ts";
import type { Scene } from "./scene.ts";

/**
 * The ways PyBun starts a program: `first`, when it has yet to find out how; `again`, when it remembers; `captured`, when it
 * waits for it and hands its output on as JSON.
 */
export type Way = "first" | "again" | "captured";
export const WAYS: readonly Way[] = ["first", "again", "captured"];

export const fits = ({ since, only }: Program, { python }: Scene): boolean =>
  (since === undefined || Number(since.split(".")[1]) <= python.version[1]) &&
  (only === undefined || only === process.platform);

/** What PyBun does otherwise than Python, a line each. */
export async function check(program: Program, scene: Scene, ways: readonly Way[]): Promise<readonly string[]> {
  const wanted = await observe(program, scene, plainly(scene));
  const lines: string[] = [];
  for (const way of ways) {
    const found = await observeBy[way](program, scene);
    if (found === undefined) continue;
    for (const line of differences(program, wanted, found)) lines.push(`${way}: ${line}`);
  }
  if (lines.length === 0) return lines;
  const unsteady = differences(program, wanted, await observe(program, scene, plainly(scene)));
  return [...lines, ...unsteady.map((line) => `python itself does not do the same twice: ${line}`)];
}

type Observe = (program: Program, scene: Scene) => Promise<Observed | undefined>;

const observeBy: Readonly<Record<Way, Observe>> = {
  first: (program, scene) => {
    fs.rmSync(path.join(scene.data, "run-stamps"), { recursive: true, force: true });
    return observe(program, scene, byPybun);
  },
  again: (program, scene) => observe(program, scene, byPybun),
  captured: async (program, scene) => {
    const { shell, terminal, uncaptured } = program;
    if (shell !== undefined || terminal !== undefined || uncaptured !== undefined) return undefined;
    const { stdout, stderr, files } = await observe(program, scene, captured);
    const envelope = JSON.parse(Buffer.from(stdout, "latin1").toString()) as { readonly data: Captured };
    const { data } = envelope;
    const bytes = (text: string): string => Buffer.from(text).toString("latin1");
    return {
      stdout: bytes(data.stdout),
      stderr: stderr + bytes(data.stderr),
      status: data.signal ?? `exit ${data.exit_code}`,
      files,
    };
  },
};

interface Captured {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit_code: number;
  readonly signal: string | null;
}

const captured: Starter = { ...byPybun, words: [executablePath(), "--format=json", "run"] };
