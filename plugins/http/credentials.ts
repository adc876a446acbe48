import fs from "node:fs";
import path from "node:path";
import { warning } from "../../plugin-api/diagnostic.ts";
import { type Credentials, Host, type Login, Redactor, Vault } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { bareUrl, type LearnedIndex, loginIn, scopeOf } from "../../plugin-api/url-scope.ts";
import { type NetrcEntry, NetrcSyntax, parseNetrc } from "./netrc.ts";

/** An index's address, and the login that its URL or variables say. */
interface Learned {
  readonly url: string;
  readonly login: Login | undefined;
}

/** Credentials in the order of SPEC AUT-01: URL, environment, netrc, stored file; the keychain's after a 401. */
export default async function credentials(session: Session): Promise<Credentials> {
  const [host, redactor] = await Promise.all([session.use(Host), session.use(Redactor)]);
  const learned = new Map<string, Learned>();
  const unlocked = new Map<string, Promise<Login | undefined>>();
  const netrc = netrcReader(host, session);
  let indexes: readonly Learned[] = [];
  const scopeFor = (url: string): Learned | undefined => scopeOf(url, indexes);
  const vault = vaultOf(session);
  /** By what it is asked for: the keychain is opened once, however many requests are refused at the same time. */
  const keyOf = (url: string): string =>
    `${scopeFor(url)?.url ?? new URL(url).origin} ${statedFor(url)?.username ?? ""}`;
  const statedFor = (url: string): Login | undefined => loginIn(url) ?? scopeFor(url)?.login;
  const known = (login: Login | undefined): Login | undefined => {
    if (login) redactor.addSecret(login.password === "" ? login.username : login.password);
    return login;
  };
  const fromVariables = (name: string, url: string, home: LearnedIndex["home"]): Login | undefined => {
    const found = loginFromEnv(host.env, name);
    const place = found && (homeFromEnv(host.env, name) ?? home?.());
    if (!place || isSameServer(place.url, url)) return found?.login;
    session.emit({ type: "Diagnostic", diagnostic: withheld({ url, name }, found.variable, place) });
    return undefined;
  };
  return {
    learn({ url, name, home }) {
      if (!URL.canParse(url)) return url;
      const bare = bareUrl(url);
      const login = loginIn(url) ?? (name === undefined ? undefined : fromVariables(name, bare, home));
      if (login || !learned.has(bare)) learned.set(bare, { url: bare, login: known(login) });
      indexes = [...learned.values()];
      return bare;
    },
    for(url) {
      const scope = scopeFor(url);
      const stated = loginIn(url) ?? scope?.login;
      if (stated && stated.password !== "") return known(stated);
      const user = stated?.username;
      // A user name alone may be a token; whether it will do is the server's to say.
      const kept = () => netrc(url, scope !== undefined, user);
      const { opened } = vault;
      if (unlocked.size === 0 && opened) return known(kept() ?? opened.vault?.stored(url, user) ?? stated);
      const later = async (): Promise<Login | undefined> => {
        const fromChain = await unlocked.get(keyOf(url));
        return fromChain ?? known(kept() ?? (await vault.open())?.stored(url, user) ?? stated);
      };
      return later();
    },
    async afterRefusal(url) {
      const stated = statedFor(url);
      if (stated && stated.password !== "") return undefined;
      const key = keyOf(url);
      let asking = unlocked.get(key);
      if (!asking) {
        const ask = async () =>
          (await vault.open())?.fromKeychain(scopeFor(url)?.url ?? bareUrl(url), stated?.username);
        unlocked.set(key, (asking = ask().then(known)));
      }
      return asking;
    },
  };
}

/** The vault, which is opened when it is first asked; what it is then known to be, nobody has to wait for. */
function vaultOf(session: Session) {
  let opening: Promise<Vault | undefined> | undefined;
  const self = {
    opened: undefined as { readonly vault: Vault | undefined } | undefined,
    async open() {
      const vault = await (opening ??= session.use(Vault).catch(() => undefined));
      self.opened = { vault };
      return vault;
    },
  };
  return self;
}

const variableFor = (name: string): string => name.toUpperCase().replace(/[^A-Z0-9]/g, "_");

function loginFromEnv(
  env: Host["env"],
  name: string,
): { readonly login: Login; readonly variable: string } | undefined {
  for (const prefix of ["PYBUN_INDEX_", "UV_INDEX_"]) {
    const of = (what: string) => `${prefix}${variableFor(name)}_${what}`;
    const token = env[of("TOKEN")];
    if (token) return { login: { username: "__token__", password: token }, variable: of("TOKEN") };
    const username = env[of("USERNAME")] ?? "";
    const password = env[of("PASSWORD")] ?? "";
    const variable = of(password === "" ? "USERNAME" : "PASSWORD");
    if (username !== "" || password !== "") return { login: { username, password }, variable };
  }
  return undefined;
}

type Home = NonNullable<ReturnType<NonNullable<LearnedIndex["home"]>>>;

function homeFromEnv(env: Host["env"], name: string): Home | undefined {
  const origin = `PYBUN_INDEX_${variableFor(name)}_URL`;
  const url = env[origin];
  return url ? { url, origin } : undefined;
}

const isSameServer = (a: string, b: string): boolean => URL.canParse(a) && new URL(a).origin === new URL(b).origin;

function withheld({ url, name }: { readonly url: string; readonly name: string }, variable: string, home: Home) {
  const message = `the login in ${variable} is not sent to ${url}: ${home.origin} has the index \`${name}\` at ${bareUrl(home.url)}`;
  return warning("W_LOGIN_WITHHELD", message, {
    hints: [
      `only if you trust who wrote the project: \`export PYBUN_INDEX_${variableFor(name)}_URL=${new URL(url).origin}\``,
    ],
    context: { index: name, url, home: bareUrl(home.url), origin: home.origin },
  });
}

/** Looks a host up in netrc, which is read when the first host is asked for. `default` is for hosts of indexes only. */
function netrcReader(
  host: Host,
  session: Session,
): (url: string, isIndex: boolean, user: string | undefined) => Login | undefined {
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
  return (url, isIndex, user) => {
    entries ??= read();
    if (entries.length === 0) return undefined;
    const name = new URL(url).hostname.replace(/^\[|\]$/g, "").toLowerCase();
    const ofUser = entries.filter(({ login }) => user === undefined || login === user);
    const entry =
      ofUser.find(({ machine }) => machine === name) ??
      (isIndex ? ofUser.find(({ machine }) => machine === undefined) : undefined);
    if (!entry) return undefined;
    if (isPrivate) return { username: entry.login, password: entry.password };
    ignore("is not used: other users of this machine can read it", [`make it private: \`chmod 600 ${file}\``]);
    return undefined;
  };
}
