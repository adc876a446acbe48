import fs from "node:fs";
import type { RequestListener } from "node:http";
import http2 from "node:http2";
import https from "node:https";
import net, { type AddressInfo, type Socket } from "node:net";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeCertificates } from "../harness/certificate.ts";
import { HTML_TYPE } from "../harness/index-page.ts";
import { inPlace, type Place } from "../harness/project.ts";
import { makeWheel } from "../harness/wheel.ts";

/** What the server does to the first request for a path, instead of answering. */
type Fault = (stream: http2.ServerHttp2Stream) => void;

interface Server {
  readonly url: string;
  /** Requests by path, and connections. */
  readonly asked: readonly string[];
  readonly sessions: () => number;
}

const WHEEL = makeWheel({ name: "a", version: "1.0" });
const PAGE = `<!DOCTYPE html><title>Links for a</title><a href="/files/${WHEEL.filename}">${WHEEL.filename}</a>`;
const BODIES: Readonly<Record<string, readonly [type: string, body: string | Buffer]>> = {
  "/simple/a/": [HTML_TYPE, PAGE],
  [`/files/${WHEEL.filename}`]: ["application/octet-stream", WHEEL.bytes],
};

/** An index that speaks HTTP/2 alone. */
const onHttp2 = (faults: Readonly<Record<string, Fault>>, body: (place: Place, server: Server) => Promise<void>) =>
  inPlace(async (place) => {
    const identity = makeCertificates();
    const authority = path.join(place.root, "authority.pem");
    fs.writeFileSync(authority, identity.authority);
    const [asked, open, left] = [[] as string[], new Set<http2.ServerHttp2Session>(), new Map(Object.entries(faults))];
    let sessions = 0;
    const server = http2.createSecureServer({ key: identity.key, cert: identity.cert });
    server.on("session", (session) => {
      sessions++;
      open.add(session);
      session.on("error", () => {}); // who is told to go away may say so
    });
    server.on("stream", (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => {
      const at = headers[":path"] ?? "";
      asked.push(at);
      stream.on("error", () => {});
      const fault = left.get(at);
      left.delete(at);
      if (fault) return fault(stream);
      const [type, content] = BODIES[at] ?? ["text/plain", undefined];
      stream.respond({ ":status": content === undefined ? 404 : 200, "content-type": type });
      stream.end(content);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/simple/`;
      await body(place, { url, asked, sessions: () => sessions });
    } finally {
      for (const session of open) session.destroy();
      server.close();
    }
  });

const take = (place: Place, { url }: Server) =>
  place.run(["run", "--index", url, "--with", "a", "-c", "import a; print(a.version)"], {
    env: { SSL_CERT_FILE: path.join(place.root, "authority.pem") },
  });

const goAway: Fault = (stream) => {
  const { session } = stream;
  session?.goaway(http2.constants.NGHTTP2_NO_ERROR, 0);
  setImmediate(() => session?.destroy());
};

for (const [what, faults, again] of [
  ["an index over HTTP/2 is asked on one connection", {}, []],
  ["sent away without an answer, a page is asked for again", { "/simple/a/": goAway }, ["/simple/a/"]],
  [
    "a stream that is refused is opened again",
    { "/simple/a/": (stream: http2.ServerHttp2Stream) => stream.close(http2.constants.NGHTTP2_REFUSED_STREAM) },
    ["/simple/a/"],
  ],
  [
    "a wheel that breaks off with its connection is fetched again",
    {
      [`/files/${WHEEL.filename}`]: (stream: http2.ServerHttp2Stream) => {
        stream.respond({ ":status": 200, "content-length": WHEEL.bytes.length });
        stream.write(WHEEL.bytes.subarray(0, 10), () => goAway(stream));
      },
    },
    [`/files/${WHEEL.filename}`],
  ],
] as const)
  test(
    what,
    onHttp2(faults, async (place, server) => {
      const { stdout, stderr } = await take(place, server);
      assert.is(stdout, "1.0\n", stderr);
      const count = (at: string): number => server.asked.filter((each) => each === at).length;
      assert.is(count("/simple/a/"), (again as readonly string[]).includes("/simple/a/") ? 2 : 1);
      for (const at of again) assert.ok(count(at) >= 2, server.asked.join());
      if (again.length === 0) assert.is(server.sessions(), 1);
    }),
  );

/** So long an answer takes: requests meet. */
const FAR_MS = 25;
const RELEASES = 300;
const metadata = (i: number): string => `Metadata-Version: 2.1\nName: walked\nVersion: ${i}\nRequires-Dist: a<1\n`;
const RELEASE_PAGE = Array.from(
  { length: RELEASES },
  (_, i) =>
    `<a href="/w/walked-${i + 1}-py3-none-any.whl" data-core-metadata="true">walked-${i + 1}-py3-none-any.whl</a>`,
).join("\n");

/** What an index says of a path whose packages have to be walked release by release. */
function walked(at: string): string | Buffer | undefined {
  if (at === "/simple/walked/") return `<!DOCTYPE html><title>Links</title>${RELEASE_PAGE}`;
  const release = /^\/w\/walked-(\d+)-py3-none-any\.whl\.metadata$/.exec(at);
  if (release) return metadata(Number(release[1]));
  if (at === `/files/${WHEEL.filename}.metadata`) return undefined;
  return BODIES[at]?.[1];
}

/** The alert `no_application_protocol` (RFC 7301, section 3.2), which ends a handshake. */
const NO_PROTOCOL = Buffer.from([21, 3, 3, 0, 2, 2, 120]);

/** In front of a server that takes no connection which is offered nothing but HTTP/2; gives the port. */
async function strictFront(port: number, connections: Set<Socket>): Promise<number> {
  const front = net.createServer((socket) => {
    connections.add(socket);
    socket.on("error", () => {});
    socket.once("data", (hello) => {
      if (!hello.includes("http/1.1")) return void socket.end(NO_PROTOCOL);
      const behind = net.connect(port, "127.0.0.1", () => {
        behind.write(hello);
        socket.pipe(behind).pipe(socket);
      });
      behind.on("error", () => socket.destroy());
    });
  });
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  front.unref();
  return (front.address() as AddressInfo).port;
}

for (const [what, kind] of [
  ["over HTTP/2 connections more is asked at once than there may be connections", "http2"],
  ["a server that speaks HTTP/1.1 alone has no more connections than the setting says", "http1"],
  ["nor one that refuses who offers HTTP/2 alone", "strict"],
] as const)
  test(
    what,
    inPlace(async (place) => {
      const identity = makeCertificates();
      const authority = path.join(place.root, "authority.pem");
      fs.writeFileSync(authority, identity.authority);
      const [open, connections] = [new Set<object>(), new Set<Socket>()];
      let [most, mostConnections] = [0, 0];
      const answer: RequestListener = (request, response) => {
        // A wheel that is fetched for what it requires counts as a download.
        if (request.url?.endsWith(".metadata")) open.add(request);
        most = Math.max(most, open.size);
        setTimeout(() => {
          open.delete(request);
          const body = walked(request.url ?? "");
          response.writeHead(body === undefined ? 404 : 200, { "content-type": HTML_TYPE }).end(body);
        }, FAR_MS);
      };
      const tls = { key: identity.key, cert: identity.cert };
      const server =
        kind === "http2"
          ? http2.createSecureServer(tls, answer as unknown as Parameters<typeof http2.createSecureServer>[1])
          : https.createServer(tls, answer);
      server.on("secureConnection", (socket: Socket) => {
        connections.add(socket);
        mostConnections = Math.max(mostConnections, connections.size);
        socket.on("close", () => connections.delete(socket));
        socket.on("error", () => {});
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      try {
        place.write({ "requirements.in": "walked\na\n" });
        const { port } = server.address() as AddressInfo;
        const front = kind === "strict" ? await strictFront(port, connections) : port;
        const index = `https://127.0.0.1:${front}/simple/`;
        const { stderr } = await place.run(["pip", "compile", "--index", index, "requirements.in"], {
          env: { SSL_CERT_FILE: authority },
        });
        assert.match(stderr, /E_RESOLVE_MISSING/);
        if (kind === "http2")
          assert.ok(most > 100 && most <= 300 && mostConnections <= 3, `${most} on ${mostConnections}`);
        else if (kind === "http1") assert.ok(most === 50 && mostConnections <= 52, `${most} on ${mostConnections}`);
        else assert.is(most, 50);
      } finally {
        for (const socket of connections) socket.destroy();
        server.close();
      }
    }),
  );

test.run();
