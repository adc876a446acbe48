import path from "node:path";
import { warning } from "../../plugin-api/diagnostic.ts";
import { Host, type KeptLogin, type Login, Redactor, type Vault } from "../../plugin-api/services.ts";
import { type Session, settingsOf } from "../../plugin-api/session.ts";
import { userConfigDir } from "../../plugin-api/system/directories.ts";
import { scopeOf } from "../../plugin-api/url-scope.ts";
import { type Chain, chainOf } from "./chain.ts";
import { changeLogins, type Row, type Rows, readLogins } from "./login-file.ts";
import { settings } from "./settings.ts";

/** The `Vault` of a run. Reads its file when it is first asked. */
export default async function vault(session: Session): Promise<Vault> {
  const [host, redactor] = await Promise.all([session.use(Host), session.use(Redactor)]);
  const { keyringProvider } = settingsOf(session, settings);
  const file = path.join(userConfigDir(host.env, host.home, host.platform), "credentials.json");
  const place = { file, platform: host.platform, signal: session.signal };
  const chain = chainOf(keyringProvider, { env: host.env, signal: session.signal });
  let known: Rows | undefined;
  const rows = (): readonly Row[] => {
    if (!known) {
      known = readLogins(file, host.platform);
      if (known.fault) session.emit({ type: "Diagnostic", diagnostic: ignored(file, known.fault) });
    }
    return known.rows;
  };
  const change = async (make: (rows: readonly Row[]) => readonly Row[]): Promise<void> => {
    await changeLogins(place, make);
    known = undefined;
  };
  return {
    file,
    stored(url, username) {
      const row = scopeOf(url, ofUser(rows(), username).filter(hasPassword));
      if (!row || known?.fault !== undefined) return undefined;
      return { username: row.username, password: row.password };
    },
    async fromKeychain(url, username) {
      const row = scopeOf(url, ofUser(rows(), username));
      return row && hasPassword(row) ? undefined : readChain(chain, { url, username, row }, session);
    },
    async keep(url, login) {
      redactor.addSecret(login.password);
      const failure = await chain.write(url, login);
      const kept: Row = { url, ...login };
      const row = failure === undefined ? { url, username: login.username } : kept;
      await change((old) => [...old.filter((each) => !isOf(each, url, login.username)), row]);
      if (failure !== undefined) session.emit({ type: "Diagnostic", diagnostic: inFile(file, failure) });
      return keptOf(row);
    },
    async forget(url, username) {
      const gone = rows().filter((row) => isOf(row, url, username));
      for (const row of gone) if (!hasPassword(row)) await chain.remove(row.url, row.username);
      if (gone.length > 0) await change((old) => old.filter((row) => !isOf(row, url, username)));
      return gone.map(keptOf);
    },
    list: () => rows().map(keptOf),
  };
}

interface Asked {
  readonly url: string;
  readonly username: string | undefined;
  /** The login that is noted for it. */
  readonly row: Row | undefined;
}

async function readChain(chain: Chain, { url, username, row }: Asked, session: Session): Promise<Login | undefined> {
  try {
    return await chain.read({ url: row?.url ?? url, username: row?.username ?? username, isNoted: row !== undefined });
  } catch (error) {
    session.signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    const diagnostic = warning("W_KEYRING", `the keychain could not be asked for the login of ${url}`, {
      causes: [reason],
      context: { url },
    });
    session.emit({ type: "Diagnostic", diagnostic });
    return undefined;
  }
}

const hasPassword = (row: Row): row is Row & { readonly password: string } => row.password !== undefined;
const isOf = (row: Row, url: string, username: string | undefined): boolean =>
  row.url === url && (username === undefined || row.username === username);
const ofUser = (rows: readonly Row[], username: string | undefined): readonly Row[] =>
  username === undefined ? rows : rows.filter((row) => row.username === username);
const keptOf = (row: Row): KeptLogin => ({
  url: row.url,
  username: row.username,
  place: hasPassword(row) ? "file" : "keychain",
});

const ignored = (file: string, fault: "shared" | "damaged") =>
  fault === "shared"
    ? warning("W_LOGINS_IGNORED", `${file} is not used: other users of this machine can read it`, {
        hints: [`make it private: \`chmod 600 ${file}\``],
      })
    : warning("W_LOGINS_IGNORED", `${file} is not used: it can't be understood`, {
        hints: ["remove it and log in again: `pybun auth login INDEX`"],
      });

const inFile = (file: string, reason: string) =>
  warning("W_LOGIN_IN_FILE", `no keychain can be used, so the password is kept in ${file}, which only you can read`, {
    causes: [reason],
    context: { file },
  });
