import { execFile } from "node:child_process";
import type { Login } from "../../plugin-api/services.ts";

/** How the program `keyring` of the Python package of that name is run. */
export interface Program {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Told when the program can't be run at all; a clause for the warning. */
export class NoKeyring extends Error {
  override readonly name = "NoKeyring";
}

const TIMEOUT_MS = 60_000;

/** What the program knows of an index: by its address, then by its host, as pip and uv ask. */
export async function askKeyring(
  url: string,
  username: string | undefined,
  program: Program,
): Promise<Login | undefined> {
  for (const service of [url, new URL(url).host]) {
    const words = username === undefined ? ["--mode", "creds", "get", service] : ["get", service, username];
    const lines = (await run(words, program))?.split(/\r?\n/).filter((line) => line !== "");
    if (!lines || lines.length === 0) continue;
    if (username !== undefined) return { username, password: lines.at(-1) as string };
    if (lines.length === 2) return { username: lines[0] as string, password: lines[1] as string };
  }
  return undefined;
}

/** Has the program keep a password, which it reads from its standard input. */
export async function tellKeyring(url: string, login: Login, program: Program): Promise<void> {
  const answer = await run(["set", url, login.username], program, `${login.password}\n`);
  if (answer === undefined) throw new NoKeyring("`keyring set` failed");
}

export const dropFromKeyring = async (url: string, username: string, program: Program): Promise<boolean> =>
  (await run(["del", url, username], program)) !== undefined;

/** Standard output; undefined when it ends with an error, which is how it says that it knows nothing. */
function run(words: readonly string[], { env, signal }: Program, input = ""): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const options = { env: { ...env }, signal, timeout: TIMEOUT_MS, encoding: "utf8", windowsHide: true } as const;
    const child = execFile("keyring", [...words], options, (error, stdout) => {
      if (signal.aborted) return reject(signal.reason);
      if (!error) return resolve(stdout);
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" || code === "EACCES") return reject(new NoKeyring("there is no program `keyring`"));
      if (error.killed) return reject(new NoKeyring(`\`keyring\` gave no answer in ${TIMEOUT_MS / 1000}s`));
      resolve(undefined);
    });
    child.stdin?.on("error", () => {}); // it may end without reading
    child.stdin?.end(input);
  });
}
