import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { VersionPage } from "../../plugin-api/model/distribution.ts";
import type { Plugin } from "../../plugin-api/plugin.ts";
import http from "../../plugins/http/index.ts";
import pypi from "../../plugins/pypi/index.ts";
import { type IndexData, type IndexServer, startIndex } from "./index-server.ts";
import { createRunPlace, type Run, type RunChoice, type RunPlace } from "./index-session.ts";

/** A running index, and runs of the plugins that ask it. */
export interface Scene {
  readonly index: IndexServer;
  readonly place: RunPlace;
  /** A run that uses this index alone, unless told otherwise. */
  readonly run: (choice?: RunChoice & { readonly plugins?: readonly Plugin[] }) => Run;
}

/** A test body with an index and a place of its own. */
export const onIndex = (data: IndexData, body: (scene: Scene) => Promise<void>) => async (): Promise<void> => {
  const index = await startIndex(data);
  const place = createRunPlace();
  try {
    const run: Scene["run"] = ({ settings, plugins = [], ...choice } = {}) =>
      place.run([http, pypi, ...plugins], { ...choice, settings: { indexUrl: index.url, ...settings } });
    await body({ index, place, run });
  } finally {
    await index.stop();
    place.remove();
  }
};

/** A server that says one thing, whatever it is asked for. */
export async function serve(headers: () => Readonly<Record<string, string>>, body: string) {
  let count = 0;
  const server = createServer((_, response) => {
    count++;
    response.writeHead(200, { "cache-control": "max-age=600", ...headers() }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}/simple/`, count: () => count, stop };
}

/** The versions of each page. */
export const versions = (pages: readonly VersionPage[]): string[][] =>
  pages.map((page) => Array.from({ length: page.count }, (_, rank) => page.version(rank)));

/** Codes of what was told. */
export const codes = (run: Run): string[] =>
  run.events.flatMap((event) => (event.type === "Diagnostic" ? [event.diagnostic.code] : []));
