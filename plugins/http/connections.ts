import type { Values } from "../../plugin-api/option.ts";
import { type CertificateSource, certificateSources, readAuthorities, readClientCertificate } from "./certificates.ts";
import { overHttp2, type Wire, wireInit } from "./native.ts";
import { type Proxy, proxyFor } from "./proxy.ts";
import type { settings } from "./settings.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** How to connect to each URL, decided once for each group of URLs that share their connections. */
export interface Connections {
  /** Fields for `fetch`; `isShared`: over HTTP/2 alone. Throws `E_CERTIFICATE`. */
  wire(url: URL, isShared: boolean): object;
  /** Whether the server may be asked for HTTP/2 alone. */
  mayShare(url: URL): boolean;
  proxy(url: URL): Proxy | undefined;
  /** Where the authorities to trust are named; none where those of the system hold. */
  readonly trusted: readonly CertificateSource[];
}

/** `originOf` gives the file, variable or flag that a setting's value is from. */
export function connections(
  env: Env,
  own: Values<typeof settings>,
  originOf: (key: string) => string | undefined,
): Connections {
  const source = (path: string | undefined, key: string): CertificateSource | undefined =>
    path ? { path, from: originOf(key) ?? `\`${key}\`` } : undefined;
  const proxy = (url: URL) => proxyFor(url, env, own.httpProxy);
  const isTrusted = (url: URL) => own.httpTrustedHost.some((host) => host === url.host || host === url.hostname);
  const trusted = certificateSources(env, source(own.httpCert, "http.cert"));
  const secure = lazily(() => {
    const authorities = trusted.flatMap(readAuthorities);
    const client = source(own.httpClientCert, "http.client-cert");
    return {
      authorities: authorities.length > 0 ? authorities : undefined,
      clientCertificate: client && readClientCertificate(client),
    };
  });
  const plain = { authorities: undefined, clientCertificate: undefined };
  const wires = new Map<string, object>();
  const byOrigin = new Map<string, object>();
  const sharedByOrigin = new Map<string, object>();
  return {
    proxy,
    trusted,
    mayShare: (url) => own.http2 && url.protocol === "https:" && proxy(url) === undefined,
    wire(url, isShared) {
      const known = (isShared ? sharedByOrigin : byOrigin).get(url.origin);
      if (known) return known;
      const isSecure = url.protocol === "https:";
      const through = proxy(url)?.url;
      const isVerified = !isSecure || !isTrusted(url);
      const key = `${isSecure} ${isVerified} ${through}`;
      let wire = wires.get(key);
      if (!wire) {
        const needsTls = isSecure || through?.startsWith("https:");
        const parts: Wire = {
          ...(needsTls ? secure() : plain),
          proxy: through,
          isVerified,
          isHttp1: isSecure && !own.http2,
          idleTimeoutMs: own.httpTimeout * 1000,
        };
        wires.set(key, (wire = wireInit(parts)));
      }
      byOrigin.set(url.origin, wire);
      sharedByOrigin.set(url.origin, overHttp2(wire));
      return this.wire(url, isShared);
    },
  };
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
