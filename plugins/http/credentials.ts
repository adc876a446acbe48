import fs from "node:fs";
import path from "node:path";
import { warning } from "../../plugin-api/diagnostic.ts";
import { type Credentials, Host, Redactor } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { type NetrcEntry, NetrcSyntax, parseNetrc } from "./netrc.ts";

interface Login {
  readonly username: string;
  readonly password: string;
}

/** Credentials in the order of SPEC AUT-01: URL, environment, netrc. Each goes to its own host only. */
export default async function credentials(session: Session): Promise<Credentials> {
  const [host, redactor] = await Promise.all([session.use(Host), session.use(Redactor)]);
  const learned = new Map<string, Login | undefined>();
  const netrc = netrcReader(host, session);
  const known = (login: Login): Login => {
    redactor.addSecret(login.password);
    return login;
  };
  const learn: Credentials["learn"] = ({ url, name }) => {
    if (!URL.canParse(url)) return url;
    const parsed = new URL(url);
    const login = loginOf(parsed) ?? (name === undefined ? undefined : loginFromEnv(host.env, name));
    if (login || !learned.has(parsed.origin)) learned.set(parsed.origin, login && known(login));
    return withoutLogin(parsed);
  };
  return {
    learn,
    async for(url) {
      const parsed = new URL(url);
      const own = loginOf(parsed);
      if (own) return known(own);
      const login = learned.get(parsed.origin) ?? netrc(parsed.hostname, learned.has(parsed.origin));
      return login && known(login);
    },
  };
}

function loginOf(url: URL): Login | undefined {
  if (url.username === "" && url.password === "") return undefined;
  return { username: decode(url.username), password: decode(url.password) };
}

function withoutLogin(url: URL): string {
  if (url.username === "" && url.password === "") return url.href;
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  return bare.href;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function loginFromEnv(env: Host["env"], name: string): Login | undefined {
  const key = name.toUpperCase().replace(/[^A-Z0-9]/g, "_");
  for (const prefix of ["PYBUN_INDEX_", "UV_INDEX_"]) {
    const token = env[`${prefix}${key}_TOKEN`];
    if (token) return { username: "__token__", password: token };
    const username = env[`${prefix}${key}_USERNAME`] ?? "";
    const password = env[`${prefix}${key}_PASSWORD`] ?? "";
    if (username !== "" || password !== "") return { username, password };
  }
  return undefined;
}

/** Looks a host up in netrc, which is read when the first host is asked for. `default` is for hosts of indexes only. */
function netrcReader(host: Host, session: Session): (hostname: string, isIndex: boolean) => Login | undefined {
  const file = host.env["NETRC"] ?? path.join(host.home, host.platform === "win32" ? "_netrc" : ".netrc");
  let entries: readonly NetrcEntry[] | undefined;
  let isPrivate = true;
  let hasWarned = false;
  const ignore = (fault: string, hints: readonly string[] = []): void => {
    if (!hasWarned)
      session.emit({ type: "Diagnostic", diagnostic: warning("W_NETRC_IGNORED", `${file} ${fault}`, { hints }) });
    hasWarned = true;
  };
  const read = (): readonly NetrcEntry[] => {
    try {
      const fd = fs.openSync(file, "r");
      try {
        const stat = fs.fstatSync(fd);
        isPrivate = host.platform === "win32" || (stat.mode & 0o077) === 0;
        return stat.isFile() ? parseNetrc(fs.readFileSync(fd, "utf8")) : [];
      } finally {
        fs.closeSync(fd);
      }
    } catch (error) {
      if (error instanceof NetrcSyntax) ignore(`is not used: ${error.message}`);
      return [];
    }
  };
  return (hostname, isIndex) => {
    entries ??= read();
    const name = hostname.replace(/^\[|\]$/g, "").toLowerCase();
    const entry =
      entries.find(({ machine }) => machine === name) ??
      (isIndex ? entries.find(({ machine }) => machine === undefined) : undefined);
    if (!entry) return undefined;
    if (isPrivate) return { username: entry.login, password: entry.password };
    ignore("is not used: other users of this machine can read it", [`make it private: \`chmod 600 ${file}\``]);
    return undefined;
  };
}
