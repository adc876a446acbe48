import type { IncomingMessage, ServerResponse } from "node:http";

/** Something that goes wrong for requests whose path matches; keys are those of the TOML form (`[[fault]]`). */
export interface Fault {
  /** Path of the request; `*` stands for any text. */
  readonly url: string;
  /** How many matching requests it hits, first come first served; default all. */
  readonly times?: number;
  readonly status?: number;
  /** Value of `Retry-After` beside the status. */
  readonly "retry-after"?: string;
  /** Send this many bytes of the body, then close, although `Content-Length` promised all. */
  readonly truncate?: number;
  /** The same, but the connection is reset. */
  readonly "reset-after"?: number;
  /** One byte of the body, and the next after so many milliseconds. */
  readonly "drip-ms"?: number;
  /** Send this many bytes of the body, then nothing; the connection stays open. */
  readonly stall?: number;
  readonly "delay-ms"?: number;
  /** One byte of the body is changed: that in the middle, or so many from the end. */
  readonly corrupt?: boolean | number;
  /** `Location` of a 302; `{BASE}` stands for the server's address. */
  readonly redirect?: string;
  /** A page that asks to sign in, with status 200. */
  readonly login?: boolean;
  /** The connection is reset before anything is sent. */
  readonly reset?: boolean;
  /** Answers never come; the connection stays open. */
  readonly hang?: boolean;
  /** Other headers than the answer has; `content-encoding` may lie about the body. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Another body. */
  readonly body?: string;
  /** A body that goes on until the client hangs up. */
  readonly endless?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const FILLING = Buffer.alloc(65_536, " ");
const LOGIN_PAGE = "<html><body><form action=login>Please sign in</form></body></html>";

/** Matches and counts down faults. */
export function faultList(faults: readonly Fault[]): {
  take(path: string): Fault | undefined;
  add(fault: Fault): void;
  clear(): void;
} {
  const rows = faults.map((fault) => ({ fault, left: fault.times ?? Number.POSITIVE_INFINITY }));
  return {
    add: (fault) => void rows.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY }),
    clear: () => void rows.splice(0),
    take: (path) => {
      const row = rows.find(({ fault, left }) => left > 0 && matches(fault.url, path));
      if (row !== undefined) row.left--;
      return row?.fault;
    },
  };
}

const matches = (pattern: string, path: string): boolean =>
  new RegExp(
    `^${pattern
      .split("*")
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
  ).test(path);

/** The answer as the fault changes it; what is not an answer at all (reset, truncation) is done by `sendWith`. */
export function faultyAnswer(fault: Fault, answer: Answer, base: string): Answer {
  if (fault.login) {
    const headers = { "content-type": "text/html", ...fault.headers };
    return { status: 200, headers, body: Buffer.from(LOGIN_PAGE) };
  }
  if (fault.redirect !== undefined) {
    return { status: 302, headers: { location: fault.redirect.replace("{BASE}", base) }, body: Buffer.alloc(0) };
  }
  if (fault.status !== undefined) {
    const after = fault["retry-after"];
    const headers = { "content-type": "text/plain", ...(after === undefined ? {} : { "retry-after": after }) };
    return { status: fault.status, headers, body: Buffer.from(`status ${fault.status}\n`) };
  }
  const headers = { ...answer.headers, ...fault.headers };
  const body = Buffer.from(fault.body ?? answer.body);
  if (fault.corrupt && body.length > 0) {
    const at = typeof fault.corrupt === "number" ? body.length - fault.corrupt : body.length >> 1;
    body[at] = (body[at] as number) ^ 1;
  }
  return { ...answer, headers, body };
}

/** Sends the answer, with whatever the fault does to the connection. */
export async function sendWith(
  fault: Fault | undefined,
  answer: Answer,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  if (fault?.hang) return;
  if (fault?.["delay-ms"] !== undefined) await new Promise((resolve) => setTimeout(resolve, fault["delay-ms"]));
  if (fault?.reset) {
    request.socket.resetAndDestroy();
    return;
  }
  if (fault?.endless) {
    response.writeHead(answer.status, answer.headers);
    const more = (): void => void (response.destroyed || response.write(FILLING, () => setImmediate(more)));
    more();
    return;
  }
  const hasBody = answer.status !== 304 && answer.status !== 204;
  const length = hasBody ? { "content-length": String(answer.body.length) } : {};
  response.writeHead(answer.status, { ...answer.headers, ...length });
  if (request.method === "HEAD" || !hasBody) response.end();
  else if (fault?.["drip-ms"] !== undefined) drip(response, answer.body, fault["drip-ms"]);
  else if (fault?.["reset-after"] !== undefined)
    response.write(answer.body.subarray(0, fault["reset-after"]), () => request.socket.resetAndDestroy());
  else if (fault?.stall !== undefined) response.write(answer.body.subarray(0, fault.stall));
  else if (fault?.truncate === undefined) response.end(answer.body);
  else response.write(answer.body.subarray(0, fault.truncate), () => request.socket.destroy());
}

function drip(response: ServerResponse, body: Buffer, everyMs: number): void {
  let sent = 0;
  const timer = setInterval(() => {
    if (response.destroyed || sent >= body.length) clearInterval(timer);
    else response.write(body.subarray(sent, ++sent));
  }, everyMs);
}
