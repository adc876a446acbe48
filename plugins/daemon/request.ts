/** A command as it was asked for, see plugin-api/launch/daemon/ask.ts. */
export interface Request {
  /** The asking process, as it counts itself. */
  readonly pid: number;
  /** When that process started; milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly cwd: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Bytes of a message that has come whole: its length in 4 bytes, then so many; undefined as long as some are missing. */
export function bodyOf(received: Uint8Array): Uint8Array | undefined {
  if (received.length < 4) return undefined;
  const length = new DataView(received.buffer, received.byteOffset).getUint32(0, true);
  return received.length >= 4 + length ? received.subarray(4, 4 + length) : undefined;
}

/** Undefined for what is no request. */
export function readRequest(body: Uint8Array): Request | undefined {
  const [pid, startedAtMs, cwd, count, ...rest] = new TextDecoder().decode(body).split("\0");
  const words = Number(count);
  if (cwd === undefined || !Number.isInteger(words) || words < 0 || words > rest.length) return undefined;
  const env: Record<string, string> = {};
  for (const variable of rest.slice(words)) {
    const end = variable.indexOf("=", 1);
    if (end < 0) return undefined;
    env[variable.slice(0, end)] = variable.slice(end + 1);
  }
  return { pid: Number(pid), startedAtMs: Number(startedAtMs), cwd, argv: rest.slice(0, words), env };
}
