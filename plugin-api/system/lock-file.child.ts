// A process of its own for lock-file.test.ts: `crash FILE` dies with the lock held; `count FILE ROUNDS` counts alone;
// `count-stale FILE ROUNDS` counts and leaves its lock behind each time, as if it had crashed.
import fs from "node:fs";
import { withLock } from "./lock-file.ts";

const [, , role, file = "", rounds = "0"] = process.argv;
if (role === "crash") await withLock(file, {}, () => process.kill(process.pid, "SIGKILL"));
for (let round = 0; round < Number(rounds); round++) await withLock(file, {}, countOneMore);

/** Reads, waits a turn of the event loop, writes one more: fails or loses counts unless it is alone. */
async function countOneMore(): Promise<void> {
  fs.closeSync(fs.openSync(`${file}.inside`, "wx"));
  const before = Number(fs.readFileSync(`${file}.count`, "utf8"));
  await new Promise((resolve) => setImmediate(resolve));
  fs.writeFileSync(`${file}.count`, String(before + 1));
  fs.rmSync(`${file}.inside`);
  if (role === "count-stale") leaveStale();
}

function leaveStale(): void {
  const stamp = JSON.parse(fs.readFileSync(file, "utf8")) as object;
  fs.writeFileSync(`${file}.${process.pid}`, JSON.stringify({ ...stamp, started: "1", token: "crashed" }));
  fs.renameSync(`${file}.${process.pid}`, file);
}
