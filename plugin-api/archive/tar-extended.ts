/** What an extended header changes of the member that follows it. */
export interface Extended {
  readonly path?: Buffer;
  readonly linkpath?: Buffer;
  readonly size?: Buffer;
}

const CHANGES = new Set(["path", "linkpath", "size"]);
const UTF8_CHARSET = "ISO-IR 10646 2000 UTF-8";
const LENGTH = /^([1-9]\d{0,9}) /;

/**
 * Reads the records of a PAX header (POSIX pax, "Extended Header File Format"): `LENGTH KEY=VALUE\n`. Gives a fault as text
 * when one is malformed, changes a thing twice, or asks for what is not supported. What does not change where content goes,
 * such as times and owners, is passed over.
 */
export function readPax(bytes: Buffer, isGlobal: boolean): Extended | string {
  const found: Record<string, Buffer> = {};
  for (let at = 0; at < bytes.length; ) {
    const length = Number(LENGTH.exec(bytes.toString("latin1", at, at + 11))?.[1] ?? 0);
    const end = at + length;
    const equals = bytes.indexOf("=", at);
    const start = at + String(length).length + 1;
    const isRecord = length > 0 && end <= bytes.length && bytes[end - 1] === 0x0a && equals > start && equals < end;
    if (!isRecord) return "an extended header is malformed";
    const key = bytes.toString("utf8", start, equals);
    const value = bytes.subarray(equals + 1, end - 1);
    const fault = judge(key, value, found);
    if (fault !== undefined) return fault;
    if (CHANGES.has(key)) found[key] = value;
    at = end;
  }
  if (isGlobal && Object.keys(found).length > 0) return "a global header changes names or sizes";
  return found;
}

function judge(key: string, value: Buffer, found: Readonly<Record<string, Buffer>>): string | undefined {
  if (key.startsWith("GNU.sparse.")) return "it has a sparse file";
  if (key === "hdrcharset" && value.toString("latin1") !== UTF8_CHARSET) return "it has names that are not UTF-8";
  if (CHANGES.has(key) && (found[key] !== undefined || value.length === 0)) {
    return `an extended header changes \`${key}\` twice or to nothing`;
  }
  return undefined;
}

/** Reads the content of a GNU long name or long link: the text, ended by one or more NULs. */
export function readGnuName(bytes: Buffer): Buffer | string {
  const end = bytes.indexOf(0);
  if (end < 1) return "a long name does not end, or is empty";
  return bytes.subarray(end).every((byte) => byte === 0)
    ? bytes.subarray(0, end)
    : "bytes follow the NUL that ends a name";
}
