import { spawn } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { createInterface } from "node:readline";
import { requirePython } from "../harness/python.ts";
import type { HostileRow } from "./hostile-row.ts";

export interface ServedCase {
  /** Variables that point the executable to the index. */
  readonly env: Readonly<Record<string, string>>;
  /** Lines for the script's block, where several indexes need an order. */
  readonly settings: string;
  readonly stop: () => Promise<void>;
}

/** Serves an index case by the data's own program where there is one, else by ourselves. */
export async function serveCase(row: HostileRow, folder: string, program: string | undefined): Promise<ServedCase> {
  const data = path.join(folder, row.file);
  const { base, stop } = program === undefined ? await serveRoutes(data) : await serveByProgram(program, data);
  const first = `${base}${row.first_index ?? "/simple/"}`;
  // Where two indexes have a package, the extra one goes before the default one.
  const env =
    row.second_index === undefined
      ? { PYBUN_INDEX_URL: first }
      : { PYBUN_INDEX_URL: `${base}${row.second_index}`, PYBUN_EXTRA_INDEX_URL: first };
  return { env, settings: "", stop };
}

interface Served {
  readonly base: string;
  readonly stop: () => Promise<void>;
}

/** `generate.py serve DIR/CASE` prints its address on a line of its own. */
async function serveByProgram(program: string, data: string): Promise<Served> {
  const child = spawn(requirePython().path, [program, "serve", data], { stdio: ["ignore", "pipe", "ignore"] });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  const address = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.on("close", () => reject(new Error(`${program} serve ended before it said where it listens`)));
  });
  return {
    base: new URL(address).origin,
    stop: () => {
      child.kill();
      return ended;
    },
  };
}

interface Route {
  readonly path: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly body_base64?: string;
  readonly claim_length?: number;
}

async function serveRoutes(data: string): Promise<Served> {
  const routes = JSON.parse(fs.readFileSync(path.join(data, "routes.json"), "utf8")) as readonly Route[];
  let base = "";
  const server = http.createServer((request, response) => {
    const route = routes.find((each) => each.path === request.url);
    const fill = (text: string): string => text.replaceAll("{BASE}", base);
    const body =
      route?.body_base64 === undefined
        ? Buffer.from(fill(route?.body ?? ""))
        : Buffer.from(route.body_base64, "base64");
    const headers = Object.entries(route?.headers ?? {}).map(([name, value]) => [name, fill(value)]);
    const length = String(route?.claim_length ?? body.length);
    response.writeHead(route?.status ?? 404, { ...Object.fromEntries(headers), "content-length": length });
    if (request.method === "HEAD") response.end();
    else response.write(body, () => (route?.claim_length === undefined ? response.end() : request.socket.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { base, stop };
}
