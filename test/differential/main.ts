// `bun test/differential/main.ts [--python 3.11] [--way first|again|captured|asked|served] [PATTERN...]`: every program under plain Python
// and under PyBun, with each interpreter from 3.9 on that PATH leads to.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { buildIfStale } from "../harness/executable.ts";
import { pythons } from "../harness/python.ts";
import { BACKGROUND, check, fits, WAYS } from "./check.ts";
import { readPrograms } from "./programs.ts";
import { createScene, type Scene } from "./scene.ts";
import { askedOf, endServers, tally } from "./served.ts";

const { values, positionals } = parseArgs({
  options: {
    python: { type: "string" },
    way: { type: "string" },
    times: { type: "boolean" },
    "no-build": { type: "boolean" },
  },
  allowPositionals: true,
});
process.exit(await main());

async function main(): Promise<number> {
  if (!values["no-build"] && !buildIfStale()) return 1;
  const chosen = pythons().filter(
    ({ version }) => values.python === undefined || `${version.join(".")}.`.startsWith(`${values.python}.`),
  );
  const under = fs.mkdtempSync(path.join(os.tmpdir(), "differential-"));
  let failures = 0;
  try {
    for (const python of chosen) {
      const scene = createScene(python, under);
      failures += await checkAll(scene);
      endServers(scene);
      scene.remove();
    }
  } finally {
    fs.rmSync(under, { recursive: true, force: true });
  }
  return failures === 0 && chosen.length > 0 ? 0 : 1;
}

async function checkAll(scene: Scene): Promise<number> {
  const programs = readPrograms()
    .filter((program) => fits(program, scene))
    .filter(
      ({ name, file }) => positionals.length === 0 || positionals.some((text) => `${file} ${name}`.includes(text)),
    );
  const ways = WAYS.filter((way) => (values.way === undefined ? !BACKGROUND.includes(way) : values.way === way));
  let failures = 0;
  const startedAtMs = performance.now();
  for (const program of programs) {
    const beganAtMs = performance.now();
    const lines = await check(program, scene, ways).catch((error: Error) => [String(error.stack)]);
    if (values.times) console.log(`${(performance.now() - beganAtMs).toFixed(0)} ms  ${program.file}: ${program.name}`);
    if (lines.length === 0) continue;
    failures += 1;
    console.log(`DIFFERS  ${program.file}: ${program.name}\n${lines.map((line) => `  ${line}`).join("\n")}`);
  }
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  const version = scene.python.version.join(".");
  console.log(`Python ${version}: ${programs.length} programs, ${failures} differ, ${ways.join(" ")}, ${seconds} s`);
  if (BACKGROUND.some((way) => ways.includes(way))) console.log(`  a daemon was asked ${askedOf(scene)} times`);
  return failures + (ways.includes("served") ? told() : 0);
}

/** What the fork server did. It is of no use when it serves few, so that most have to be, where all were run. */
function told(): number {
  const { served, aside } = tally;
  for (const [name, why] of aside) console.log(`  stepped aside: ${name}: ${why}`);
  console.log(`  served ${served.length} programs of ${served.length + aside.length}`);
  const isEnough = positionals.length > 0 || served.length > aside.length;
  tally.served = [];
  tally.aside = [];
  return isEnough ? 0 : 1;
}
