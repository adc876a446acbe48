/** A proxy and the variable or setting that names it. */
export interface Proxy {
  readonly url: string;
  readonly from: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for a URL by the customs of curl: `HTTPS_PROXY` or `HTTP_PROXY` by the URL's scheme, else `ALL_PROXY`, lower
 * case first; hosts of `NO_PROXY` are reached directly. `HTTP_PROXY` in capitals is ignored in a CGI process, where a
 * request header sets it.
 */
export function proxyFor(target: URL, env: Env, setting?: string): Proxy | undefined {
  if (isExempt(target, env["no_proxy"] ?? env["NO_PROXY"] ?? "")) return undefined;
  if (setting) return withScheme({ url: setting, from: "`http.proxy`" });
  const scheme = target.protocol.slice(0, -1);
  for (const name of [`${scheme}_proxy`, `${scheme.toUpperCase()}_PROXY`, "all_proxy", "ALL_PROXY"]) {
    const url = env[name];
    if (!url || (name === "HTTP_PROXY" && env["REQUEST_METHOD"] !== undefined)) continue;
    return withScheme({ url, from: name });
  }
  return undefined;
}

const withScheme = ({ url, from }: Proxy): Proxy => ({ url: url.includes("://") ? url : `http://${url}`, from });

/** Entries are hosts, also of their subdomains, with or without a leading dot or `*.`, a port, an IPv4 network, or `*`. */
function isExempt(target: URL, list: string): boolean {
  const host = target.hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const port = target.port || (target.protocol === "https:" ? "443" : "80");
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => matches(entry.toLowerCase(), host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  const [name, itsPort = port] = splitPort(entry);
  if (itsPort !== port) return false;
  if (/^\d+\.\d+\.\d+\.\d+\/\d+$/.test(name)) return isInNetwork(host, name);
  const bare = name.replace(/^\*?\./, "");
  return bare !== "" && (host === bare || host.endsWith(`.${bare}`));
}

function splitPort(entry: string): readonly [name: string, port?: string] {
  const match = /^\[([^\]]*)\](?::(\d+))?$/.exec(entry) ?? /^([^:]*):(\d+)$/.exec(entry);
  if (!match) return [entry];
  return match[2] === undefined ? [match[1] as string] : [match[1] as string, match[2]];
}

function isInNetwork(host: string, network: string): boolean {
  const [base = "", bits = "32"] = network.split("/");
  const [a, b] = [toNumber(host), toNumber(base)];
  if (a === undefined || b === undefined || Number(bits) > 32) return false;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(a / size) === Math.floor(b / size);
}

function toNumber(address: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number);
  return parts?.every((part) => part < 256) ? parts.reduce((sum, part) => sum * 256 + part, 0) : undefined;
}
