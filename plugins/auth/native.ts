// The system's keychain: Secret Service on Linux, Keychain on macOS, Credential Manager on Windows. A native addon, which the
// executable carries inside and unpacks when it is first loaded.
import type { AsyncEntry } from "@napi-rs/keyring";

/** A password in the keychain. Each call throws what the system says when there is no keychain or it is locked. */
export interface Keychain {
  read(service: string, username: string, signal: AbortSignal): Promise<string | undefined>;
  write(service: string, username: string, password: string): Promise<void>;
  remove(service: string, username: string): Promise<boolean>;
}

// Without it, Linux would fall back on the kernel's keyring, which forgets everything at the next start.
const LASTING = { linux: { store: "secret-service" } } as const;

export const systemKeychain: Keychain = {
  async read(service, username, signal) {
    return (await (await entry(service, username)).getPassword(signal)) ?? undefined;
  },
  async write(service, username, password) {
    await (await entry(service, username)).setPassword(password);
  },
  async remove(service, username) {
    return (await entry(service, username)).deletePassword();
  },
};

async function entry(service: string, username: string): Promise<AsyncEntry> {
  const { AsyncEntry } = await import("@napi-rs/keyring");
  return new AsyncEntry(service, username, LASTING);
}
