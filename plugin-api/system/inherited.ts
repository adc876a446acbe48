import fs from "node:fs";
import os from "node:os";
import type { Interruption } from "../error.ts";
import { handedOver } from "../launch/exec/descriptors.ts";

/** Descriptors that the caller handed over beside the three streams, as long as nothing else was opened; none where the system has no /proc. */
export function inheritedDescriptors(): readonly number[] {
  const folder = "/proc/self/fd";
  const targetOf = (name: string): readonly (readonly [number, string])[] => {
    try {
      return [[Number(name), fs.readlinkSync(`${folder}/${name}`)]];
    } catch {
      return []; // that of the listing itself
    }
  };
  return process.platform === "linux" && fs.existsSync(folder)
    ? handedOver(fs.readdirSync(folder).flatMap(targetOf))
    : [];
}

/** Whether the caller had this process ignore a signal, as `nohup` and shells do; false where the system has no /proc. */
export function isIgnored(signal: Interruption): boolean {
  if (process.platform !== "linux") return false;
  const mask = /^SigIgn:\s*([0-9a-f]+)$/m.exec(statusOfSelf())?.[1];
  return mask !== undefined && ((BigInt(`0x${mask}`) >> BigInt(os.constants.signals[signal] - 1)) & 1n) === 1n;
}

function statusOfSelf(): string {
  try {
    return fs.readFileSync("/proc/self/status", "latin1");
  } catch {
    return "";
  }
}
