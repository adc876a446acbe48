import fs from "node:fs";
import path from "node:path";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import { withLock } from "../../plugin-api/system/lock-file.ts";

/** A login as its file has it; without a password the keychain holds that. */
export interface Row {
  readonly url: string;
  readonly username: string;
  readonly password?: string;
}
/** What the file says, and why its passwords may not be used: others can read them, or nobody can. */
export interface Rows {
  readonly rows: readonly Row[];
  readonly fault?: "shared" | "damaged";
}

const VERSION = 1;

/** Reads the file of logins; one that is not there is empty. */
export function readLogins(file: string, platform: string): Rows {
  let text: string;
  let isShared = false;
  try {
    const fd = fs.openSync(file, "r");
    try {
      isShared = platform !== "win32" && (fs.fstatSync(fd).mode & 0o077) !== 0;
      text = fs.readFileSync(fd, "utf8");
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { rows: [] };
    throw error;
  }
  const rows = parse(text);
  if (!rows) return { rows: [], fault: "damaged" };
  return isShared && rows.some(({ password }) => password !== undefined) ? { rows, fault: "shared" } : { rows };
}

function parse(text: string): readonly Row[] | undefined {
  try {
    const { version, logins } = JSON.parse(text) as { readonly version?: unknown; readonly logins?: unknown };
    return version === VERSION && Array.isArray(logins) && logins.every(isRow) ? logins : undefined;
  } catch {
    return undefined;
  }
}

const isRow = (row: unknown): row is Row => {
  const { url, username, password } = (row ?? {}) as Readonly<Record<string, unknown>>;
  const isPassword = password === undefined || typeof password === "string";
  return typeof url === "string" && typeof username === "string" && isPassword;
};

/** Changes the file as a whole, alone; nobody but its owner can read it, from its first byte on. */
export async function changeLogins(
  { file, platform, signal }: { readonly file: string; readonly platform: string; readonly signal: AbortSignal },
  change: (rows: readonly Row[]) => readonly Row[],
): Promise<void> {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  await withLock(`${file}.lock`, { signal, subject: "the file of logins" }, () => {
    const rows = change(readLogins(file, platform).rows).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    const text = `${JSON.stringify({ version: VERSION, logins: rows }, null, 2)}\n`;
    writeAtomically(file, text, { mode: 0o600, isDurable: true });
  });
}

const keyOf = ({ url, username }: Row): string => `${url} ${username}`;
