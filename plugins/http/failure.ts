import { PybunError } from "../../plugin-api/error.ts";
import type { CertificateSource } from "./certificates.ts";
import type { Proxy } from "./proxy.ts";

/** What went wrong with one attempt. */
export class AttemptFailed extends Error {
  override readonly name = "AttemptFailed";
  /** A clause for the message: `refused`, `name not known`, `status 503`. */
  readonly reason: string;
  readonly kind: "connection" | "name" | "tls" | "status" | "body" | "redirect";
  readonly mayPass: boolean;
  readonly status: number | undefined;
  /** How long the server asks to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(
    failure: Omit<Partial<AttemptFailed>, "reason" | "kind"> & Pick<AttemptFailed, "reason" | "kind" | "mayPass">,
  ) {
    super(failure.reason, failure.cause === undefined ? undefined : { cause: failure.cause });
    this.reason = failure.reason;
    this.kind = failure.kind;
    this.mayPass = failure.mayPass;
    this.status = failure.status;
    this.retryAfterMs = failure.retryAfterMs;
  }
}

const RETRIED_STATUSES = new Set([408, 425, 429]);
export const isRetriedStatus = (status: number): boolean => RETRIED_STATUSES.has(status) || status >= 500;

const CONNECTION: Readonly<Record<string, string>> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "the connection was cut",
  ECONNABORTED: "the connection was cut",
  EPIPE: "the connection was cut",
  ConnectionClosed: "the connection was cut",
  ConnectionRefused: "refused",
  FailedToOpenSocket: "refused",
  ETIMEDOUT: "no answer in time",
  EHOSTUNREACH: "no route to it",
  ENETUNREACH: "no network",
  EAI_AGAIN: "its name could not be looked up",
  EAI_FAIL: "its name could not be looked up",
};
const CERTIFICATE = /CERT|SIGNED|ISSUER|UNABLE_TO_VERIFY|ALTNAME|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH/;

/**
 * Whether this may be how a server says that it does not speak HTTP/2, which was all it was offered: many then refuse the
 * connection as a whole (RFC 7301, section 3.2).
 */
export const isWithoutHttp2 = ({ kind, cause }: AttemptFailed): boolean =>
  kind === "tls" || (cause as NodeJS.ErrnoException | undefined)?.code === "HTTP2Unsupported";

/** Puts what `fetch` throws into words, and says whether another attempt makes sense. */
export function describeFailure(error: unknown): AttemptFailed {
  if (error instanceof AttemptFailed) return error;
  const { name, message, cause } = error as Error;
  const code = (error as NodeJS.ErrnoException).code ?? (cause as NodeJS.ErrnoException | undefined)?.code ?? "";
  const failed = (kind: AttemptFailed["kind"], reason: string, mayPass: boolean): AttemptFailed =>
    new AttemptFailed({ kind, reason, mayPass, cause: error });
  if (name === "TimeoutError") return failed("connection", "no answer in time", true);
  if (code === "ENOTFOUND" || code === "DNSException") return failed("name", "name not known", false);
  const known = CONNECTION[code];
  if (known !== undefined) return failed("connection", known, true);
  if (CERTIFICATE.test(code)) return failed("tls", certificateFault(code), false);
  if (/SSL|TLS|EPROTO/.test(code)) return failed("tls", "no secure connection could be agreed on", false);
  if (/^HTTP[23]|GOAWAY/.test(code)) return failed("connection", "the connection was cut", true);
  if (/Zlib|Brotli|Zstd|Decompress/i.test(code)) return failed("body", "its answer is damaged", true);
  return failed("connection", message.split(/[.\n]/)[0]?.toLowerCase() || "it failed", false);
}

function certificateFault(code: string): string {
  if (code.includes("EXPIRED")) return "certificate has expired";
  if (code.includes("NOT_YET")) return "certificate is not valid yet";
  if (/ALTNAME|HOSTNAME/.test(code)) return "certificate is for another name";
  return "certificate not trusted";
}

/** What is known when all attempts have failed. */
export interface Ending {
  readonly url: string;
  readonly failure: AttemptFailed;
  readonly attempts: number;
  readonly durationMs: number;
  readonly proxy: Proxy | undefined;
  /** Where the authorities to trust are named. */
  readonly trusted: readonly CertificateSource[];
}

/** The error for a server that could not be reached or did not answer as it should (`E_NETWORK`). */
export function networkError(ending: Ending): PybunError {
  const { url, failure, attempts } = ending;
  const { host } = new URL(url);
  const isReached = failure.kind === "status" || failure.kind === "body" || failure.kind === "redirect";
  const verb = isReached ? "did not answer as it should" : "cannot be reached";
  const { reason, kind, status, mayPass } = failure;
  const isUntrusted = kind === "tls" && reason === "certificate not trusted";
  const cause = causeOf(ending);
  return new PybunError("E_NETWORK", `${host} ${verb}: ${reason}`, {
    hints: isUntrusted ? [howToTrust(ending.trusted)] : [],
    isRetryable: mayPass,
    context: { url, host, reason, kind, attempts, ...(status !== undefined && { status }) },
    ...(cause && { cause }),
  });
}

/** Another variable would not be looked at where one of more weight names a file already. */
const howToTrust = ([source]: readonly CertificateSource[]): string =>
  source === undefined
    ? "name the certificate of your network's authority: `export SSL_CERT_FILE=ca.pem`"
    : `put the certificate of its authority into ${source.path}, which ${source.from} names`;

/** How it was tried, as far as that tells more than the message; the runtime's own words where they do. */
function causeOf({ failure, attempts, durationMs, proxy }: Ending): Error | undefined {
  const own = failure.kind === "tls" && failure.cause instanceof Error ? failure.cause : undefined;
  if (attempts === 1 && !proxy) return own;
  const times = attempts === 1 ? "1 attempt" : `${attempts} attempts`;
  const through = proxy ? `, through proxy ${new URL(proxy.url).host} from ${proxy.from}` : "";
  return new Error(`${times} in ${(durationMs / 1000).toFixed(1)}s${through}`, own && { cause: own });
}
