import http, { type IncomingMessage, type ServerResponse } from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import type { Identity } from "./certificate.ts";
import { type Answer, type Fault, faultList, faultyAnswer, sendWith } from "./fault.ts";
import { chooseForm, filesOf, HTML_TYPE, type IndexFile, JSON_TYPE, projectPage } from "./index-page.ts";
import { normalizedName, type Release, sha256 } from "./release.ts";

/** What an index serves and how; everything but the packages has the defaults of a good index. */
export interface IndexData {
  readonly packages?: readonly Release[];
  readonly faults?: readonly Fault[];
  /** `both` by the request's Accept header (default), or one form always. */
  readonly form?: "json" | "html" | "both";
  /** Default true: `Range` is answered with 206. */
  readonly ranges?: boolean;
  /** Default true: pages have an ETag, and `If-None-Match` is answered with 304. */
  readonly etags?: boolean;
  /** Value of `Cache-Control` of pages; default `max-age=600`; empty for none. */
  readonly cacheControl?: string;
  /** Links of pages are relative. */
  readonly hasRelativeLinks?: boolean;
  /** Basic authentication that every request needs. */
  readonly login?: { readonly username: string; readonly password: string };
  /** Has `/pypi/NAME/VERSION/json`, as the public index does. */
  readonly hasReleaseJson?: boolean;
  /** Key and certificate to speak TLS with. */
  readonly identity?: Identity;
}

export type RequestKind = "root" | "page" | "metadata" | "file" | "range" | "json" | "unknown";

export interface LoggedRequest {
  readonly kind: RequestKind;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly status: number;
}

export interface IndexServer {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** Address of the simple index, with a slash at the end. */
  readonly url: string;
  readonly requests: readonly LoggedRequest[];
  /** Requests of a kind, or whose path contains the text. */
  count(kind: RequestKind, text?: string): number;
  forget(): void;
  add(...releases: readonly Release[]): void;
  fail(fault: Fault): void;
  /** Nothing fails any more. */
  mend(): void;
  stop(): Promise<void>;
}

/** Serves the data on a free port of this machine until it is stopped. */
export async function startIndex(data: IndexData = {}): Promise<IndexServer> {
  const releases = [...(data.packages ?? [])];
  const requests: LoggedRequest[] = [];
  const faults = faultList(data.faults ?? []);
  const made = new Map<Release, readonly IndexFile[]>();
  const files = (): IndexFile[] =>
    releases.flatMap((release) => {
      const ready = made.get(release) ?? filesOf(release);
      made.set(release, ready);
      return ready;
    });
  let origin = "";

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const path = decodeURIComponent((request.url ?? "/").split("?", 1)[0] as string);
    const { kind, answer } = respond({ data, files, origin }, request, path);
    const fault = faults.take(path);
    const final = fault === undefined ? answer : faultyAnswer(fault, answer, origin);
    requests.push({ kind, method: request.method ?? "", path, headers: request.headers, status: final.status });
    void sendWith(fault, final, { request, response });
  };
  const server = data.identity === undefined ? http.createServer(handle) : https.createServer(data.identity, handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `${data.identity === undefined ? "http" : "https"}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    url: `${origin}/simple/`,
    requests,
    count: (kind, text = "") => requests.filter((each) => each.kind === kind && each.path.includes(text)).length,
    forget: () => void requests.splice(0),
    add: (...more) => void releases.push(...more),
    fail: (fault) => faults.add(fault),
    mend: () => faults.clear(),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Place {
  readonly data: IndexData;
  readonly files: () => readonly IndexFile[];
  readonly origin: string;
}
interface Response {
  readonly kind: RequestKind;
  readonly answer: Answer;
}

const plain = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { "content-type": "text/plain", ...headers },
  body: Buffer.from(text),
});

function respond(place: Place, request: IncomingMessage, path: string): Response {
  const { login } = place.data;
  if (login !== undefined) {
    const expected = `Basic ${Buffer.from(`${login.username}:${login.password}`).toString("base64")}`;
    if (request.headers.authorization !== expected) {
      return { kind: "unknown", answer: plain(401, "who are you?\n", { "www-authenticate": "Basic realm=index" }) };
    }
  }
  const page = /^\/simple\/(?:([^/]+)\/)?$/.exec(path);
  if (page !== null) return page[1] === undefined ? root(place) : project(place, request, page[1]);
  const release = /^\/pypi\/([^/]+)\/([^/]+)\/json$/.exec(path);
  if (release !== null) return releaseJson(place, release[1] as string, release[2] as string);
  const file = /^\/files\/([^/]+)$/.exec(path)?.[1];
  return file === undefined ? { kind: "unknown", answer: plain(404, "not found\n") } : download(place, request, file);
}

function root({ files }: Place): Response {
  const projects = [...new Set(files().map((file) => normalizedName(file.release.name)))].map((name) => ({ name }));
  const body = Buffer.from(JSON.stringify({ meta: { "api-version": "1.1" }, projects }));
  return { kind: "root", answer: { status: 200, headers: { "content-type": JSON_TYPE }, body } };
}

function releaseJson({ data, files }: Place, name: string, version: string): Response {
  const own = files().filter(({ release }) => normalizedName(release.name) === name && release.version === version);
  const [first] = own;
  if (!data.hasReleaseJson || first === undefined) return { kind: "json", answer: plain(404, "{}\n") };
  const { release } = first;
  const info = {
    name,
    version,
    requires_dist: release.requires ?? null,
    requires_python: release["requires-python"] ?? null,
  };
  const urls = own.map(({ filename, sha256: digest }) => ({
    filename,
    packagetype: filename.endsWith(".whl") ? "bdist_wheel" : "sdist",
    digests: { sha256: digest },
    upload_time_iso_8601: release.uploaded ?? "2024-01-01T00:00:00.000000Z",
  }));
  const body = Buffer.from(JSON.stringify({ info, urls }));
  return { kind: "json", answer: { status: 200, headers: { "content-type": "application/json" }, body } };
}

function project({ data, files, origin }: Place, request: IncomingMessage, name: string): Response {
  const own = files().filter((file) => normalizedName(file.release.name) === normalizedName(name));
  if (own.length === 0) return { kind: "page", answer: plain(404, "no such project\n") };
  if (name !== normalizedName(name)) {
    return { kind: "page", answer: plain(301, "", { location: `${origin}/simple/${normalizedName(name)}/` }) };
  }
  const form = chooseForm(request.headers.accept, data.form ?? "both");
  const base = data.hasRelativeLinks ? "../../files" : `${origin}/files`;
  const body = Buffer.from(
    projectPage(name, own, { form, urlOf: (file) => `${base}/${encodeURIComponent(file.filename)}` }),
  );
  const etag = `"${sha256(body).slice(0, 16)}"`;
  const cacheControl = data.cacheControl ?? "max-age=600";
  const headers = {
    "content-type": form === "json" ? JSON_TYPE : HTML_TYPE,
    vary: "Accept",
    ...(cacheControl === "" ? {} : { "cache-control": cacheControl }),
    ...(data.etags === false ? {} : { etag }),
  };
  const isKnown = data.etags !== false && request.headers["if-none-match"] === etag;
  return {
    kind: "page",
    answer: isKnown ? { status: 304, headers, body: Buffer.alloc(0) } : { status: 200, headers, body },
  };
}

function download({ data, files }: Place, request: IncomingMessage, name: string): Response {
  const wanted = name.replace(/\.metadata$/, "");
  const file = files().find((each) => each.filename === wanted);
  if (file === undefined) return { kind: "file", answer: plain(404, "no such file\n") };
  const headers = { "content-type": "application/octet-stream", "cache-control": "max-age=365000000, immutable" };
  if (name !== wanted) {
    const answer =
      file.metadata === undefined
        ? plain(404, "no metadata\n")
        : { status: 200, headers, body: Buffer.from(file.metadata) };
    return { kind: "metadata", answer };
  }
  const range = data.ranges === false ? undefined : rangeOf(request.headers.range, file.bytes.length);
  if (range === undefined) return { kind: "file", answer: { status: 200, headers, body: file.bytes } };
  const [start, end] = range;
  const contentRange = `bytes ${start}-${end}/${file.bytes.length}`;
  const body = file.bytes.subarray(start, end + 1);
  return {
    kind: "range",
    answer: { status: 206, headers: { ...headers, "content-range": contentRange, "accept-ranges": "bytes" }, body },
  };
}

/** First and last byte of a single range (RFC 9110, section 14.1.2); undefined when there is none that fits. */
export function rangeOf(header: string | undefined, size: number): readonly [number, number] | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (match === null || (match[1] === "" && match[2] === "")) return undefined;
  const start = match[1] === "" ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = match[1] === "" || match[2] === "" ? size - 1 : Math.min(size - 1, Number(match[2]));
  return start <= end ? [start, end] : undefined;
}
