import { spawnSync } from "node:child_process";
import process from "node:process";

/**
 * Runs this test file again in a namespace of its own, so that whatever it mounts, or does to the network, is gone when it ends.
 * Call it first. Where that can't be had it does nothing, and the rows that need it say why they are skipped.
 */
export function inOwnNamespace(file: string, flags: readonly string[]): void {
  if (process.env["TEST_OWN_NAMESPACE"] === "1" || process.getuid?.() !== 0) return;
  const command = ["unshare", ...flags, "--fork", "--kill-child", "--"];
  if (spawnSync(command[0] as string, [...command.slice(1), "true"]).status !== 0) return;
  const { status } = spawnSync(command[0] as string, [...command.slice(1), process.execPath, file], {
    stdio: "inherit",
    env: { ...process.env, TEST_OWN_NAMESPACE: "1" },
  });
  process.exit(status ?? 1);
}
