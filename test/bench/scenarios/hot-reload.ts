import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { perform } from "../project-scenario.ts";
import type { Command, Scenario, Side } from "../scenario.ts";

/** What programs load that answer requests. */
const IMPORTS =
  "asyncio, decimal, email.message, http.server, json, logging.config, sqlite3, ssl, urllib.request, xml.dom.minidom";
/** Says who it is and what `lib` says, whenever that is something else, to whoever reads the pipe `seen`. */
const PROGRAM = `import ${IMPORTS}, os, time
import lib
def main():
    last = None
    while True:
        now = lib.value()
        if now != last:
            with open("seen", "w") as out:
                out.write("%d %d\\n" % (os.getpid(), now))
        last = now
        time.sleep(0.0005)
if __name__ == "__main__":
    main()
`;
/** About as much as a module of 2,700 lines. */
const LARGE = Array.from(
  { length: 450 },
  (_, n) =>
    `def f${n}(x, y=1):\n    total = x + ${n}\n    for i in range(y):\n        total += i * ${n}\n    return [total, 'text', {'a': total}]\n\n`,
).join("");
const OPTIONS = { patch: ["--hot-reload"], restart: ["--debounce", "10"] };
/** Until a program counts as started. */
const SETTLED_MS = 2_000;

/** The watcher that runs on a side, and its program as it was at first, with the number that was saved last. */
interface Watched {
  readonly watcher: number;
  readonly program: string;
  value: number;
}
const watched = new Map<Side, Watched>();

const file = (side: Side, name: string): string => path.join(side.cwd, name);
const module = (value: number, more: string): string => `def value():\n    return ${value}\n\n${more}`;

function prepare(side: Side, more: string): void {
  perform(side, { program: side.python, argv: ["-m", "venv", "--without-pip", ".venv"] });
  perform(side, { program: "mkfifo", argv: ["seen"] });
  fs.writeFileSync(file(side, "app.py"), PROGRAM);
  fs.writeFileSync(file(side, "lib.py"), module(0, more));
  const { pid = 0 } = spawn(
    side.program,
    ["watch", "-q", ...OPTIONS[side.tool === "pybun" ? "patch" : "restart"], "app.py"],
    {
      cwd: side.cwd,
      env: { ...side.env, VIRTUAL_ENV: file(side, ".venv") },
      stdio: "ignore",
    },
  );
  const first = spawnSync("/bin/sh", ["-c", "read -r said < seen && echo $said"], { cwd: side.cwd, encoding: "utf8" });
  watched.set(side, { watcher: pid, program: first.stdout.split(" ")[0] ?? "", value: 0 });
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SETTLED_MS);
}

/** Saves as editors do, and waits for a program that has the change: the same, or a new one. */
function save(side: Side): Command {
  const { program, value } = watched.get(side) as Watched;
  const wanted = side.tool === "pybun" ? `${program} ${value}` : `* ${value}`;
  return {
    program: "/bin/sh",
    argv: [
      "-c",
      `mv next lib.py && read -r said < seen && case $said in ${wanted.replace(" ", "\\ ")});; *) echo "$said" >&2; exit 1;; esac`,
    ],
  };
}

const hotReload = (name: string, what: string, more: string): Scenario => ({
  name,
  summary: `a change in a function of ${what} put into the program that runs, against a new start of it`,
  peer: "restart",
  target: 0.1,
  pairs: 20,
  on: "tmpfs",
  prepare: (side) => prepare(side, more),
  reset(side) {
    const known = watched.get(side) as Watched;
    known.value += 1;
    fs.writeFileSync(file(side, "next"), module(known.value, more));
  },
  command: save,
  finish(side) {
    const known = watched.get(side);
    if (known) process.kill(known.watcher, "SIGINT");
  },
});

export const hotReloads: readonly Scenario[] = [
  hotReload("hot-reload", "a small module", ""),
  hotReload("hot-reload-large", "a module of 2,700 lines", LARGE),
];
