import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_LOGIN_UNKNOWN: {
    exitCode: 3,
    summary: "there is no such login or index",
    cause: "no index has that name and it is no address, or no login is kept for it",
    example: "`pybun auth logout https://packages.example/simple/` without a login before",
    repair: "`pybun auth list` shows the logins, `pybun config get index` the indexes",
  },
  E_LOGIN_INCOMPLETE: {
    exitCode: 3,
    summary: "a password is missing",
    cause: "neither a flag nor standard input gave one, and there is no terminal to ask on",
    example: "`pybun auth login corp </dev/null`",
    repair: "give it on standard input with `--password-stdin`",
  },
  W_LOGIN_IN_FILE: {
    summary: "a password is kept in a file, because there is no keychain",
    cause: "no keychain runs or it refused, or `keyring-provider` is `disabled`; only the file's owner can read it",
    example: "`pybun auth login corp` in a container",
    repair: "start the system's keychain and log in again, or give the login in variables for each run",
  },
  W_LOGINS_IGNORED: {
    summary: "the file of logins was not used",
    cause: "other users of the machine can read it, or it was damaged",
    example: "`credentials.json` of mode 644",
    repair: "`chmod 600` it; where it is damaged, remove it and log in again",
  },
  W_KEYRING: {
    summary: "the keychain could not be asked",
    cause: "it is locked or not running, or the program `keyring` is missing or failed",
    example: "`PYBUN_KEYRING_PROVIDER=subprocess` without the program `keyring`",
    repair: "unlock the keychain or install the program; or set `keyring-provider` to `disabled`",
  },
} satisfies Readonly<Record<string, CodeSpec>>;
