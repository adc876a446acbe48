import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { callProgram } from "./provoke/system-calls.ts";

/** What a provocation takes of the machine. */
export type Need =
  | "calls"
  | "mounts"
  | "ext4"
  | "xfs"
  | "btrfs"
  | "quota"
  | "network"
  | "packet loss"
  | "memory"
  | "clock"
  | "sh";

const REASONS: Readonly<Record<Need, () => string | undefined>> = {
  calls: () => {
    const found = callProgram();
    return "reason" in found ? found.reason : undefined;
  },
  sh: () => (process.platform === "win32" ? "there is no shell of POSIX" : undefined),
  mounts: () => asRoot() ?? succeeds("mounting", ["unshare", "--mount", "true"]),
  ext4: () => image("ext4"),
  xfs: () => image("xfs"),
  btrfs: () => image("btrfs"),
  quota: () => image("ext4") ?? has("setquota") ?? succeeds("a quota", ["unshare", "--mount", "sh", "-c", WITH_QUOTA]),
  network: () => asRoot() ?? succeeds("a network of its own", ["unshare", "--net", "true"]) ?? has("ip"),
  "packet loss": () =>
    REASONS.network() ?? succeeds("losing packets", ["unshare", "--net", "iptables-legacy", ...LOSS]),
  memory: () => asRoot() ?? (memoryGroups() ? undefined : "there are no control groups for memory that can be written"),
  clock: () => has("faketime"),
};
const WITH_QUOTA = `at=$(mktemp -d) && truncate -s 16M $at/image && mkfs.ext4 -q -O quota $at/image && mkdir $at/on &&
  mount -o loop,usrquota $at/image $at/on; status=$?; umount $at/on 2>/dev/null; rm -r $at; exit $status`;
const LOSS = "-A INPUT -i lo -m statistic --mode random --probability 0.2 -j DROP".split(" ");

/** Why what is needed can't be had; undefined when it can. */
export function whyNot(needs: readonly Need[]): string | undefined {
  for (const need of needs) {
    const reason = (known[need] ??= { reason: REASONS[need]() }).reason;
    if (reason !== undefined) return reason;
  }
  return undefined;
}
const known: Partial<Record<Need, { readonly reason: string | undefined }>> = {};

const asRoot = (): string | undefined =>
  process.platform !== "linux" ? "only on Linux" : process.getuid?.() === 0 ? undefined : "only root may do that";

const has = (program: string): string | undefined =>
  spawnSync("/bin/sh", ["-c", `command -v ${program}`]).status === 0 ? undefined : `there is no \`${program}\``;

function succeeds(what: string, [program, ...words]: readonly [string, ...string[]]): string | undefined {
  const { status, stderr, error } = spawnSync(program, words, { encoding: "utf8" });
  return status === 0 ? undefined : `${what} does not work here: ${(error?.message ?? stderr).trim().slice(0, 200)}`;
}

function image(kind: string): string | undefined {
  const isKnown = new RegExp(`\\b${kind}$`, "m").test(fs.readFileSync("/proc/filesystems", "utf8"));
  return asRoot() ?? (isKnown ? (has(`mkfs.${kind}`) ?? has("losetup")) : `the kernel has no ${kind}`);
}

/** Folder of the control groups for memory, of the second version or the first. */
export function memoryGroups(): { readonly folder: string; readonly limit: string } | undefined {
  const places = [
    {
      folder: "/sys/fs/cgroup",
      limit: "memory.max",
      isHere: () => /\bmemory\b/.test(read("/sys/fs/cgroup/cgroup.controllers")),
    },
    {
      folder: "/sys/fs/cgroup/memory",
      limit: "memory.limit_in_bytes",
      isHere: () => fs.existsSync("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
    },
  ];
  return places.find(({ isHere }) => isHere());
}

const read = (file: string): string => (fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "");
