import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { executablePath } from "../harness/executable.ts";

// `bun test/bench/hot-reload.ts [ROUNDS]`: from a save to the program having the change, patched and started again.

const ROUNDS = Number(process.argv[2] ?? "15");
/** What programs load that answer requests. */
const IMPORTS =
  "import asyncio, decimal, email.message, http.server, json, logging.config, sqlite3, ssl, urllib.request, xml.dom.minidom";

const SMALL = "";
/** About as much as a module of 2,700 lines. */
const LARGE = Array.from(
  { length: 450 },
  (_, n) =>
    `def f${n}(x, y=1):\n    total = x + ${n}\n    for i in range(y):\n        total += i * ${n}\n    return [total, 'text', {'a': total}]\n\n`,
).join("");

const median = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "hot-reload-"));
try {
  for (const [name, more] of [
    ["small module", SMALL],
    ["2,700 lines", LARGE],
  ] as const) {
    const patched = await measure(["--hot-reload"], more);
    const again = await measure(["--debounce", "10"], more);
    console.log(
      `${name.padEnd(14)} patch ${patched.toFixed(1)} ms   restart ${again.toFixed(1)} ms   ratio ${(patched / again).toFixed(3)}`,
    );
  }
} finally {
  fs.rmSync(folder, { recursive: true });
}

async function measure(options: readonly string[], more: string): Promise<number> {
  const file = (name: string): string => path.join(folder, name);
  const save = (value: number): void => fs.writeFileSync(file("lib.py"), `def value():\n    return ${value}\n${more}`);
  fs.rmSync(file("seen"), { force: true });
  save(0);
  fs.writeFileSync(
    file("app.py"),
    `${IMPORTS}\nimport time\nimport lib\ndef main():\n    last = None\n    while True:\n        now = lib.value()\n        if now != last:\n            with open("seen", "w") as out:\n                out.write(str(now))\n        last = now\n        time.sleep(0.0005)\nif __name__ == "__main__":\n    main()\n`,
  );
  const child = spawn(executablePath(), ["watch", "-q", ...options, "app.py"], { cwd: folder, stdio: "ignore" });
  const times: number[] = [];
  try {
    await seen(file("seen"), "0");
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    for (let round = 1; round <= ROUNDS; round++) {
      const startedAtMs = performance.now();
      save(round);
      await seen(file("seen"), String(round));
      times.push(performance.now() - startedAtMs);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  } finally {
    child.kill("SIGINT");
    await new Promise((resolve) => child.once("close", resolve));
  }
  return median(times);
}

async function seen(file: string, wanted: string): Promise<void> {
  while (!fs.existsSync(file) || fs.readFileSync(file, "utf8") !== wanted)
    await new Promise((resolve) => setTimeout(resolve, 1));
}
