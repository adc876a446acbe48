import fs from "node:fs";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import type { Event } from "../../plugin-api/event.ts";
import { createRedactor } from "../../plugin-api/redact.ts";
import type { ServiceKey } from "../../plugin-api/service.ts";
import { Clock, Credentials, Host, type Http, Redactor, Vault } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import makeCredentials from "../../plugins/http/credentials.ts";
import makeHttp from "../../plugins/http/http.ts";

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server of our own, a data folder, and a clock that never lets anyone wait. */
export interface Scene {
  readonly http: Http;
  readonly credentials: Credentials;
  readonly url: (path: string) => string;
  readonly requests: { readonly url: string; readonly headers: IncomingMessage["headers"] }[];
  readonly events: Event[];
  readonly pauses: number[];
  readonly dir: string;
  /** Another process: nothing in memory, the same folder and clock. */
  readonly again: (change?: Change) => Promise<Http>;
  pass(ms: number): void;
}
export interface Change {
  readonly isOffline?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Logins that are kept. */
  readonly vault?: Pick<Vault, "stored" | "fromKeychain">;
}

const SETTINGS = {
  concurrentDownloads: 10,
  concurrentMetadata: 50,
  http2: true,
  httpTimeout: 30,
  httpRetries: 2,
  httpTrustedHost: [],
};

export const scene =
  (routes: Readonly<Record<string, Answer>>, body: (scene: Scene) => Promise<void>, change: Change = {}) =>
  async (): Promise<void> => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), "http-"));
    const requests: Scene["requests"] = [];
    const server = http.createServer((request, response) => {
      requests.push({ url: request.url ?? "", headers: request.headers });
      const answer = routes[request.url ?? ""];
      if (answer) answer(request, response);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const shared = { dir, events: [] as Event[], pauses: [] as number[], nowMs: Date.now() };
    const services = async (more: Change = {}) => openServices(shared, { ...change, ...more });
    try {
      const { http, credentials } = await services();
      await body({
        http,
        credentials,
        url: (path) => origin + path,
        requests,
        events: shared.events,
        pauses: shared.pauses,
        dir,
        again: async (more) => (await services(more)).http,
        pass: (ms) => void (shared.nowMs += ms),
      });
    } finally {
      server.closeAllConnections();
      server.close();
      fs.rmSync(dir, { recursive: true });
    }
  };

interface SharedParts {
  readonly dir: string;
  readonly events: Event[];
  readonly pauses: number[];
  nowMs: number;
}

async function openServices(shared: SharedParts, change: Change) {
  const given = new Map<string, unknown>([
    [Clock.name, { nowMs: () => shared.nowMs, wait: async (ms: number) => void shared.pauses.push(ms) }],
    [Redactor.name, createRedactor({ home: "" })],
    [
      Host.name,
      {
        env: change.env ?? {},
        home: shared.dir,
        platform: "linux",
        arch: "x64",
        dataDir: shared.dir,
        isOffline: change.isOffline ?? false,
        version: "0",
        output: { isTraced: true },
      },
    ],
  ]);
  if (change.vault) given.set(Vault.name, change.vault);
  const session: Session = {
    cwd: shared.dir,
    signal: new AbortController().signal,
    settings: { ...SETTINGS, ...change.settings },
    run: () => Promise.reject(new Error("no stage is run here")),
    emit: (event) => void shared.events.push(event),
    use: async <T>(key: ServiceKey<T>) => {
      if (!given.has(key.name)) throw new Error(`no ${key.name}`);
      return given.get(key.name) as T;
    },
  };
  const credentials = await makeCredentials(session);
  given.set(Credentials.name, credentials);
  return { http: await makeHttp(session), credentials };
}

export const text = (answer: { readonly body: Uint8Array }): string => Buffer.from(answer.body).toString();
export const say =
  (body: string, headers: Readonly<Record<string, string>> = {}): Answer =>
  (_, response) =>
    response.writeHead(200, headers).end(body);
/** The error's code, and its message for a look. */
export const failure = async (work: Promise<unknown>): Promise<PybunError> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof PybunError) return error;
    throw error;
  }
  throw new Error("it did not fail");
};
/** Answers one after the other; the last one stays. */
export const inTurn = (...answers: readonly Answer[]): Answer => {
  let turn = 0;
  return (request, response) => answers[Math.min(turn++, answers.length - 1)]?.(request, response);
};
export const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Answer =>
  (_, response) =>
    response.writeHead(code, headers).end("no");
export const cutShort: Answer = (request, response) => {
  response.writeHead(200, { "content-length": "100" });
  response.write("half", () => request.socket.destroy());
};
export const filesBelow = (dir: string): string[] =>
  fs
    .readdirSync(dir, { recursive: true, withFileTypes: true })
    .flatMap((entry) => (entry.isFile() ? [path.join(entry.parentPath, entry.name)] : []));
