import fs from "node:fs";
import path from "node:path";
import { ownIdentity } from "../../../plugin-api/system/process-identity.ts";
import { judge } from "../judge.ts";
import { memoryGroups } from "../needs.ts";
import { spread } from "../points.ts";
import type { Provocation } from "../row.ts";
import { openScene, type Scene } from "../scene.ts";

/** A scene that is run in something and judged; `body` does both, perhaps more than once. */
const inScene =
  (body: (scene: Scene) => Promise<readonly string[]>): Provocation["provoke"] =>
  async ({ operation }) => {
    const scene = await openScene(operation);
    try {
      return await body(scene);
    } finally {
      await scene.remove();
    }
  };

/** Few open files at once. */
export const fewOpenFiles = (amounts: readonly number[]): Provocation => ({
  needs: ["sh"],
  provoke: (row, depth) =>
    inScene(async (scene) => {
      const faults: string[] = [];
      for (const amount of amounts) {
        scene.reset();
        const behind = ["/bin/sh", "-c", `ulimit -n ${amount} && exec "$0" "$@"`];
        const found = await judge(scene, await scene.run({ behind }), row.expected);
        faults.push(...found.map((fault) => `${amount} open files: ${fault}`));
      }
      return faults;
    })(row, depth),
});

/** Little memory: the system ends what asks for more. */
export const littleMemory = (most: number, amounts: number): Provocation => ({
  needs: ["memory"],
  provoke: (row, depth) =>
    inScene(async (scene) => {
      const groups = memoryGroups() as NonNullable<ReturnType<typeof memoryGroups>>;
      const group = path.join(groups.folder, `pybun-faults-${process.pid}`);
      fs.mkdirSync(group);
      try {
        const faults: string[] = [];
        const ends = new Set<string>();
        for (const step of spread(most, amounts)) {
          scene.reset();
          fs.writeFileSync(path.join(group, groups.limit), `${step * 1_000_000}`);
          const behind = ["/bin/sh", "-c", `echo $$ > ${group}/cgroup.procs && exec "$0" "$@"`];
          const faulty = await scene.run({ behind });
          ends.add(String(faulty.exitCode ?? faulty.signal));
          const allowed = faulty.exitCode === null ? { exit: "any" as const } : row.expected;
          const found = await judge(scene, faulty, allowed);
          faults.push(...found.map((fault) => `${step} MB: ${fault}`));
        }
        if (!ends.has("SIGKILL")) faults.push(`the system ended nothing: ${[...ends].join()}`);
        return faults;
      } finally {
        fs.rmdirSync(group);
      }
    })(row, depth),
});

/** Locks that somebody left behind who is gone: the number of the process is free, or somebody else's, or from before a start of the machine. */
export const staleLocks: Provocation = {
  needs: ["sh"],
  provoke: (row, depth) =>
    inScene(async (scene) => {
      const me = ownIdentity();
      const left = {
        "of a process that has ended": { ...me, pid: 4_194_303 },
        "of a process whose number another has now": { ...me, started: "1" },
        "from before the machine was started again": { ...me, boot: "00000000-0000-0000-0000-000000000000" },
      };
      const faults: string[] = [];
      for (const [whose, holder] of Object.entries(left)) {
        scene.reset();
        const stamp = JSON.stringify({ ...holder, command: "pybun install", sinceMs: 1, token: "0" });
        fs.mkdirSync(path.join(scene.place.cwd, ".pybun"), { recursive: true });
        fs.writeFileSync(path.join(scene.place.cwd, ".pybun/venv.lock"), stamp);
        const faulty = await scene.run();
        if (faulty.durationMs > 20_000) faults.push(`${whose}: waited ${faulty.durationMs} ms`);
        faults.push(...(await judge(scene, faulty, row.expected)).map((fault) => `${whose}: ${fault}`));
      }
      return faults;
    })(row, depth),
};

/** Somebody holds the lock and is alive: waited for, then told. Afterwards it is free. */
export const heldLock: Provocation = {
  needs: ["sh"],
  provoke: (row, depth) =>
    inScene(async (scene) => {
      scene.reset();
      const lock = path.join(scene.place.cwd, ".pybun/venv.lock");
      fs.mkdirSync(path.dirname(lock), { recursive: true });
      fs.writeFileSync(
        lock,
        JSON.stringify({ ...ownIdentity(), command: "pybun install", sinceMs: Date.now(), token: "0" }),
      );
      const faulty = await scene.run();
      fs.rmSync(lock);
      return judge(scene, faulty, row.expected);
    })(row, depth),
};

/** The clock is a year ahead or behind, and then right again: nothing is taken for fresh, stale or held for all that time. */
export const wrongClock = (jumps: readonly string[]): Provocation => ({
  needs: ["clock"],
  provoke: (row, depth) =>
    inScene(async (scene) => {
      const faults: string[] = [];
      for (const jump of jumps) {
        scene.reset();
        const faulty = await scene.run({ behind: ["faketime", "-f", jump] });
        faults.push(...(await judge(scene, faulty, row.expected)).map((fault) => `${jump}: ${fault}`));
        // A page that was fetched at another time is not fresh for a year.
        scene.reset();
        await scene.run({ behind: ["faketime", "-f", jump] }, ["lock", "--upgrade"]);
        const page = { name: "part-0", version: `9.${jumps.indexOf(jump)}` };
        scene.index.add(page);
        scene.place.write({
          "asks.py": "# /// script\n# dependencies = ['part-0']\n# ///\nimport part_0; print(part_0.version)\n",
        });
        const old = { env: { PYBUN_REFRESH: undefined }, behind: ["faketime", "-f", "+1h"] };
        const { stdout, stderr } = await scene.place.run(["run", "asks.py"], old);
        if (!stdout.includes(page.version))
          faults.push(`${jump}: an hour later ${stdout}${stderr}, and not ${page.version}`);
      }
      return faults;
    })(row, depth),
});
