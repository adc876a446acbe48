import os from "node:os";
import path from "node:path";

/** Variables of the caller that a test may see: where programs are, how text is encoded, which certificates hold. */
const KEPT = /^(PATH|LANG|LC_.*|TZ|SSL_CERT_FILE|SSL_CERT_DIR|PYENV_ROOT|SystemRoot|TEST_.*|UPDATE_SNAPSHOTS)$/;
const PROXIES = /^(https?_proxy|all_proxy|no_proxy)$/i;

export interface CleanFolders {
  readonly home: string;
  readonly temporary: string;
  /** Online checks may need the machine's proxies; nothing else does. */
  readonly keepsProxies?: boolean;
}

/** An environment in which nothing of the user's own settings is left, with all folders below the given ones. */
export function cleanEnvironment(folders: CleanFolders): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && (KEPT.test(name) || (folders.keepsProxies && PROXIES.test(name)))) env[name] = value;
  }
  return {
    ...env,
    // Nothing of the machine's own either.
    PIP_CONFIG_FILE: os.devNull,
    UV_NO_CONFIG: "1",
    // What a test starts ends with it.
    PYBUN_ZYGOTE: "off",
    PYBUN_DAEMON: process.env["TEST_DAEMON"] ?? "off",
    PYBUN_DAEMON_IDLE: "20",
    HOME: folders.home,
    USERPROFILE: folders.home,
    XDG_CACHE_HOME: path.join(folders.home, ".cache"),
    XDG_CONFIG_HOME: path.join(folders.home, ".config"),
    XDG_DATA_HOME: path.join(folders.home, ".local", "share"),
    XDG_STATE_HOME: path.join(folders.home, ".local", "state"),
    TMPDIR: folders.temporary,
    TMP: folders.temporary,
    TEMP: folders.temporary,
  };
}
