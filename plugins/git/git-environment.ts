import os from "node:os";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Variables that name another repository than the one that is meant: they are there when PyBun is started by a hook of git's.
 * What a user configures by variable (`GIT_CONFIG_COUNT`, `GIT_SSH_COMMAND`, proxies) stays.
 */
const PLACES =
  /^GIT_(?:DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX|SHALLOW_FILE|GRAFT_FILE|REPLACE_REF_BASE|NO_REPLACE_OBJECTS|IMPLICIT_WORK_TREE|INTERNAL_SUPER_PREFIX|CONFIG|TEMPLATE_DIR|QUARANTINE_PATH)$/;

export interface GitSurroundings {
  readonly env: Env;
  /** Scheme of the repository's URL. */
  readonly scheme: string;
  /** `https://host`, and what to show to it. */
  readonly login?: { readonly origin: string; readonly username: string; readonly password: string };
  /** Fetch what is kept by Git LFS. */
  readonly isLfs: boolean;
}

/** The environment git runs in: it asks nobody, runs no hooks, and goes where it may. */
export function gitEnvironment({ env, scheme, login, isLfs }: GitSurroundings): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && !PLACES.test(name) && !/^(?:BUN_|PYBUN_)/.test(name)) kept[name] = value;
  // `file` for repositories on this machine alone: else a stranger's submodule could name one.
  kept["GIT_ALLOW_PROTOCOL"] = [...new Set(["https", "ssh", scheme])].join(":");
  kept["GIT_TERMINAL_PROMPT"] = "0";
  kept["GIT_ASKPASS"] = "";
  kept["SSH_ASKPASS_REQUIRE"] = "never";
  kept["GCM_INTERACTIVE"] = "never";
  kept["GIT_TEMPLATE_DIR"] = "";
  // Failures are recognized by their words.
  kept["LC_ALL"] = "C";
  delete kept["LANGUAGE"];
  if (isLfs) delete kept["GIT_LFS_SKIP_SMUDGE"];
  else kept["GIT_LFS_SKIP_SMUDGE"] = "1";
  return login === undefined ? kept : withLogin(kept, login);
}

/** By environment, since everybody can read the arguments of a process. */
function withLogin(env: Record<string, string>, login: NonNullable<GitSurroundings["login"]>): Record<string, string> {
  const count = Number(env["GIT_CONFIG_COUNT"] ?? 0) || 0;
  const helper = `!printf 'username=%s\\npassword=%s\\n' "$PYBUN_GIT_USERNAME" "$PYBUN_GIT_PASSWORD"; :`;
  const key = `credential.${login.origin}.helper`;
  return {
    ...env,
    PYBUN_GIT_USERNAME: login.username,
    PYBUN_GIT_PASSWORD: login.password,
    GIT_CONFIG_COUNT: String(count + 2),
    // An empty helper forgets those before it.
    [`GIT_CONFIG_KEY_${count}`]: key,
    [`GIT_CONFIG_VALUE_${count}`]: "",
    [`GIT_CONFIG_KEY_${count + 1}`]: key,
    [`GIT_CONFIG_VALUE_${count + 1}`]: helper,
  };
}

const CONFIG: Readonly<Record<string, string>> = {
  "core.hooksPath": os.devNull,
  "core.fsmonitor": "false",
  "core.autocrlf": "false",
  "submodule.recurse": "false",
  "fetch.recurseSubmodules": "false",
  "fetch.writeCommitGraph": "false",
  "credential.interactive": "false",
  "advice.detachedHead": "false",
  "gc.auto": "0",
  "maintenance.auto": "false",
};

/** Options before git's command: what a user's configuration says of these things is for their own repositories. */
export const GIT_OPTIONS: readonly string[] = Object.entries(CONFIG).flatMap(([key, value]) => [
  "-c",
  `${key}=${value}`,
]);
