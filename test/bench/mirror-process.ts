import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { makeCertificates } from "../harness/certificate.ts";

export interface MirrorProcess {
  /** Address of its simple index, by HTTP/1.1 unless said otherwise. */
  readonly url: string;
  /** The same by HTTP/2. */
  readonly http2Url: string;
  /** File with the certificate of the authority to trust. */
  readonly authority: string;
  readonly stop: () => void;
}

/** Starts the pull-through index in a process of its own, so that serving takes no time from what is timed. */
export async function startMirror(options: {
  readonly folder: string;
  readonly delayMs: number;
}): Promise<MirrorProcess> {
  const { folder, delayMs } = options;
  fs.mkdirSync(folder, { recursive: true });
  const { authority, cert, key } = makeCertificates();
  for (const [name, text] of Object.entries({ authority, cert, key })) {
    fs.writeFileSync(path.join(folder, `${name}.pem`), text, { mode: 0o600 });
  }
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "mirror.ts"), folder, String(delayMs)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [url, http2Url] = await new Promise<[string, string]>((resolve, reject) => {
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (lines.push(line) === 2) resolve(lines as [string, string]);
    });
    child.on("exit", (code) => reject(new Error(`the mirror ended with ${code} before it said where it listens`)));
  });
  return { url, http2Url, authority: path.join(folder, "authority.pem"), stop: () => void child.kill() };
}
