import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";
import { type Action, behind, CHANGING, callProgram, readReport } from "./provoke/system-calls.ts";

// `tool upgrade` and `tool uninstall`, killed at moments spread over all their changes of the disk.

const release = (version: string, other: string) => ({
  name: "my-tool",
  version,
  requires: [`dep==${version}`],
  files: { "my_tool.py": `import dep\n\n\ndef main():\n    print("${version}", dep.version)\n` },
  "console-scripts": { "my-tool": "my_tool:main", [other]: "my_tool:main" },
});
const index = await startIndex({
  packages: [
    release("1.0", "old-name"),
    release("2.0", "new-name"),
    { name: "dep", version: "1.0" },
    { name: "dep", version: "2.0" },
  ],
});
test.after(() => index.stop());

const POINTS = 12;
const found = callProgram();

const bin = (place: Place): string => path.join(place.home, ".local", "bin");
const said = (place: Place): string => spawnSync(path.join(bin(place), "my-tool"), { encoding: "utf8" }).stdout;
const commands = (place: Place): string => fs.readdirSync(bin(place)).sort().join(" ");

async function oldTool(place: Place): Promise<void> {
  await place.run(["tool", "install", "my-tool==1.0", "--force"]);
  // What is asked for from now on is any version: as if 2.0 had just come out.
  const file = path.join(place.data, "tools", "my-tool.json");
  const record = JSON.parse(fs.readFileSync(file, "utf8")) as { requirement: string };
  fs.writeFileSync(file, JSON.stringify({ ...record, requirement: "my-tool" }));
}

interface Moment {
  readonly action: Action;
  readonly at: number;
}

async function killed(place: Place, words: readonly string[], { action, at }: Moment): Promise<number> {
  if (!("program" in found)) return 0;
  const report = path.join(place.root, "report");
  const front = behind(found.program, { root: place.root, calls: CHANGING, action, at, until: at, report });
  await place.run(words, { behind: front });
  return readReport(report).count;
}

if ("program" in found) {
  test(
    "an upgrade leaves a tool that works, old or new, and the next one completes it",
    inPlace(
      async (place) => {
        await oldTool(place);
        const count = await killed(place, ["tool", "upgrade", "my-tool"], { action: "none", at: 1_000_000 });
        assert.is(said(place), "2.0 2.0\n");
        assert.ok(count > POINTS);
        for (let point = 1; point <= POINTS; point++) {
          await oldTool(place);
          await killed(place, ["tool", "upgrade", "my-tool"], {
            action: "kill",
            at: Math.ceil((count * point) / POINTS),
          });
          assert.ok(["1.0 1.0\n", "2.0 2.0\n"].includes(said(place)), `${point}: ${said(place)}`);
          const { exitCode, stderr } = await place.run(["tool", "upgrade", "my-tool"]);
          assert.is(exitCode, 0, stderr);
          assert.equal([said(place), commands(place)], ["2.0 2.0\n", "my-tool new-name"], String(point));
          const [row] = (await place.run(["--format=json", "tool", "list"])).json().data["tools"] as {
            damage: unknown;
          }[];
          assert.is(row?.damage, null);
        }
        await place.run(["gc", "--max-age", "0"]);
      },
      { index },
    ),
  );
  test(
    "an install that was killed is completed by the next one, or goes without a trace",
    inPlace(
      async (place) => {
        const install = ["tool", "install", "my-tool==1.0"];
        await place.run(install);
        await place.run(["tool", "uninstall", "--all"]);
        const count = await killed(place, install, { action: "none", at: 1_000_000 });
        for (let point = 1; point <= POINTS; point++) {
          await place.run(["tool", "uninstall", "--all"]);
          await killed(place, install, { action: "kill", at: Math.ceil((count * point) / POINTS) });
          if (point % 2 === 0) {
            assert.is((await place.run(install)).exitCode, 0);
            assert.equal([said(place), commands(place)], ["1.0 1.0\n", "my-tool old-name"], String(point));
          } else {
            await place.run(["tool", "uninstall", "--all"]);
            assert.equal([commands(place), fs.existsSync(path.join(place.data, "tools"))], ["", false], String(point));
          }
        }
        await place.run(["gc", "--max-age", "0"]);
      },
      { index },
    ),
  );
  test(
    "what is half removed goes with the next call",
    inPlace(
      async (place) => {
        await oldTool(place);
        const count = await killed(place, ["tool", "uninstall", "my-tool"], { action: "none", at: 1_000_000 });
        for (let point = 1; point <= POINTS; point++) {
          await oldTool(place);
          await killed(place, ["tool", "uninstall", "my-tool"], {
            action: "kill",
            at: Math.ceil((count * point) / POINTS),
          });
          await place.run(["tool", "uninstall", "--all"]);
          assert.equal([commands(place), fs.existsSync(path.join(place.data, "tools"))], ["", false], String(point));
        }
        await place.run(["gc", "--max-age", "0"]);
      },
      { index },
    ),
  );
}

test("a machine that hands over system calls is needed", () => {
  if (!("program" in found)) console.log(`skipped: ${found.reason}`);
});

test.run();
