import fs from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { projectText } from "../../harness/lock-scene.ts";
import { judge, told } from "../judge.ts";
import type { Provocation } from "../row.ts";
import { openScene, type Scene } from "../scene.ts";

/** A backend with a child of its own, whose command line bears the mark; then it dies, or goes on. */
const backend = (mark: string, end: string): string => `import os, signal, subprocess, sys, time


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)  # ${mark}"])
    ${end}
    time.sleep(120)
`;

/** Processes whose command line has the mark. */
const marked = (mark: string): string[] =>
  fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return fs.readFileSync(`/proc/${name}/cmdline`, "latin1").includes(mark);
      } catch {
        return false; // it has ended
      }
    });

async function until(isSo: () => boolean, patienceMs: number): Promise<boolean> {
  for (let waitedMs = 0; !isSo(); waitedMs += 50) {
    if (waitedMs > patienceMs) return false;
    await pause(50);
  }
  return true;
}

/** The process that builds is killed, or the command that started it: nobody of the build goes on working. */
export const killedBuild = (who: "build" | "command"): Provocation => ({
  needs: ["calls"],
  provoke: async ({ operation, expected }) => {
    const mark = `build-${process.pid}-${who}`;
    const scene = await openScene(operation);
    try {
      scene.reset();
      const end = who === "build" ? "os.kill(os.getpid(), signal.SIGKILL)" : "";
      scene.index.add({ name: "built", version: "1.0", tags: [], sdist: true, backend: backend(mark, end) });
      const wanted = scene.operation.after ?? [];
      scene.place.write({ "pyproject.toml": projectText([...wanted, "built"]) });
      const faults = who === "build" ? [] : await killCommand(scene, mark);
      const faulty = await scene.run(
        who === "build" ? {} : {},
        who === "build" ? scene.operation.words : ["verify", "--store"],
      );
      if (!(await until(() => marked(mark).length === 0, 5000))) faults.push(`still at work: ${marked(mark).join()}`);
      scene.place.write({ "pyproject.toml": projectText(wanted) });
      return [...faults, ...(await judge(scene, faulty, expected))];
    } finally {
      for (const pid of marked(mark)) process.kill(Number(pid), "SIGKILL");
      await scene.remove();
    }
  },
});

/** Starts the operation, and kills it when the build is under way. */
async function killCommand(scene: Scene, mark: string): Promise<string[]> {
  const running = scene.place.start(scene.operation.words);
  const isBuilding = await until(() => marked(mark).length > 0, 20_000);
  running.kill("SIGKILL");
  const ended = await running.ended;
  return isBuilding ? [] : [`the build never began: ${told(ended)}`];
}
