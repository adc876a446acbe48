import type { Login } from "../../plugin-api/services.ts";
import { askKeyring, dropFromKeyring, type Program, tellKeyring } from "./keyring-program.ts";
import { type Keychain, systemKeychain } from "./native.ts";

/** A keychain as `keyring-provider` chooses it. */
export interface Chain {
  /** `isNoted`: a login was kept for it. Throws where the keychain can't be asked. */
  read(asked: {
    readonly url: string;
    readonly username: string | undefined;
    readonly isNoted: boolean;
  }): Promise<Login | undefined>;
  /** Undefined when it is kept, else why not. */
  write(url: string, login: Login): Promise<string | undefined>;
  /** What is gone already is no failure. */
  remove(url: string, username: string): Promise<void>;
}

/** A locked keychain asks its owner to unlock it, who may be away. */
const PATIENCE_MS = 120_000;

export function chainOf(provider: "native" | "subprocess" | "disabled", program: Program): Chain {
  if (provider === "disabled") return NONE;
  return provider === "native" ? nativeChain(systemKeychain, program.signal) : programChain(program);
}

const NONE: Chain = {
  read: async () => undefined,
  write: async () => "`keyring-provider` is `disabled`",
  remove: async () => {},
};

/** The system's own. It is opened only for logins that were put there: to look for others would wake it for nothing. */
export function nativeChain(keychain: Keychain, signal: AbortSignal): Chain {
  return {
    async read({ url, username, isNoted }) {
      if (!isNoted || username === undefined) return undefined;
      const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
      const password = await keychain.read(serviceOf(url), username, patience);
      return password === undefined ? undefined : { username, password };
    },
    async write(url, { username, password }) {
      try {
        await keychain.write(serviceOf(url), username, password);
        return undefined;
      } catch (error) {
        return reasonOf(error);
      }
    },
    async remove(url, username) {
      await keychain.remove(serviceOf(url), username).catch(() => {});
    },
  };
}

const serviceOf = (url: string): string => `pybun:${url}`;
const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";

const programChain = (program: Program): Chain => ({
  read: ({ url, username }) => askKeyring(url, username, program),
  async write(url, login) {
    try {
      await tellKeyring(url, login, program);
      return undefined;
    } catch (error) {
      program.signal.throwIfAborted();
      return reasonOf(error);
    }
  },
  async remove(url, username) {
    await dropFromKeyring(url, username, program).catch(() => {});
  },
});
