import type { CodeSpec } from "./error.ts";

/** Codes that plugin-api itself throws, or that several plugins throw with one meaning (SPEC DIA-06). */
export const sharedCodes = {
  E_ARCHIVE_UNSAFE: {
    exitCode: 6,
    summary: "an archive breaks a rule that keeps unpacking safe",
    cause:
      "a wheel or source archive has paths, sizes, links or records that contradict each other or leave their place",
    example: "a wheel with an entry named `../outside.txt`",
    repair: "don't use the file; tell its publisher, or take another version",
  },
  E_HASH_MISMATCH: {
    exitCode: 6,
    summary: "a file is not the one that was announced",
    cause: "it was damaged on the way, replaced on the index, or changed on disk",
    example: "an index that lists a wheel with the SHA-256 of another one",
    repair: "fetch it again with `--refresh`; if that does not help, ask the publisher",
  },
  E_LIMIT: {
    exitCode: 6,
    summary: "something is larger than is reasonable",
    cause: "an archive, page or file exceeds a limit that guards memory and disk",
    example: "a wheel of 100 kB that unpacks to 1 GB of zeros",
    repair: "don't use the file unless you know why it is so large",
  },
  E_NETWORK: {
    exitCode: 5,
    summary: "a server could not be reached or did not answer as it should",
    cause:
      "no connection, a name that is not known, a certificate that is not trusted, or an error status after all attempts",
    example: "`HTTPS_PROXY=http://127.0.0.1:9 pybun x cowsay`",
    repair: "check the connection and the proxy variables, then try again",
  },
  E_OFFLINE_MISS: {
    exitCode: 5,
    summary: "something is not in the caches and the network may not be used",
    cause: "`--offline` is on and an index page, its metadata or a file was never fetched",
    example: "`pybun --offline x cowsay` on a new machine",
    repair: "run the command once without `--offline`",
  },
  E_METADATA: {
    exitCode: 4,
    summary: "the metadata of a release can't be used",
    cause: "it is missing, malformed, or speaks of another package or version than its file's name",
    example: "a wheel whose METADATA has no `Version`",
    repair: "take another version, and tell the publisher",
  },
  E_AUTH: {
    exitCode: 5,
    summary: "an index refused the credentials or wants some",
    cause: "the server answered 401 or 403",
    example: "a private index without a user name",
    repair: "log in with `pybun auth login INDEX`, or put user name and password into `~/.netrc`",
  },
  E_PROJECT_NOT_FOUND: {
    exitCode: 3,
    summary: "the command needs a project and there is none",
    cause: "neither this directory nor one above it has a `pyproject.toml`",
    example: "`pybun config set --project offline true` in an empty directory",
    repair: "go to the project's directory, name it with `--project DIR`, or make a `pyproject.toml`",
  },
  E_LOCK_TARGET: {
    exitCode: 4,
    summary: "a lock does not hold for this environment",
    cause: "it was made for other Pythons or platforms, or a package in it has no file that fits here",
    example: '`requires-python = ">=3.13"` in pylock.toml, and Python 3.12',
    repair: "lock again for this environment, or take a Python that the lock allows",
  },
  E_PROJECT_INVALID: {
    exitCode: 3,
    summary: "a pyproject.toml can't be understood",
    cause: "it is not TOML, or a key that PyBun needs holds a value of the wrong kind, or contradicts another one",
    example: '`dependencies = "requests"` (a list is needed)',
    repair: "mend the line that is named; the form is that of PEP 621 and PEP 735",
  },
  E_REQUIREMENTS_INVALID: {
    exitCode: 3,
    summary: "a requirements file can't be read",
    cause:
      "a line is no requirement, has an option that requirements files don't know, or names a file that leads back to it",
    example: "`flask --upgrade` in requirements.txt",
    repair: "mend the line that is named; the form is that of pip's requirements files",
  },
  E_LOCK_BUSY: {
    exitCode: 8,
    summary: "another process holds what this one needs",
    cause: "a second command works on the same environment or store entry and has not finished in time",
    example: "two installs into one environment, the first suspended",
    repair: "wait for the other process, or end it",
  },
  E_DISK_FULL: {
    exitCode: 9,
    summary: "no space is left",
    cause: "the file system or the quota is full",
    example: "an install into a full disk",
    repair: "free space, or point `--cache-dir` to another disk",
  },
  E_PERMISSION: {
    exitCode: 9,
    summary: "a file or folder may not be read or written",
    cause: "it belongs to another user, or is read-only",
    example: "a cache folder made by root",
    repair: "change its owner, or point `--cache-dir` elsewhere",
  },
  E_PYTHON_MISMATCH: {
    exitCode: 3,
    summary: "the Python asked for is not one that is allowed here",
    cause: "`requires-python` in pyproject.toml excludes it, or the environment in use was made with another one",
    example: '`pybun python pin 3.9` in a project with `requires-python = ">=3.10"`',
    repair:
      "ask for a version inside the range or widen it; make an environment of that Python with `pybun env create`",
  },
  E_ENV_EXISTS: {
    exitCode: 3,
    summary: "something is where a new environment should be",
    cause:
      "the folder holds files that are no environment, or an environment of another Python that is not PyBun's own",
    example: "`pybun venv src`",
    repair: "choose another folder; `--clear` replaces an environment",
  },
  E_DIRECT_NAME: {
    exitCode: 4,
    summary: "a requirement's URL or path leads to another package than it says",
    cause: "the archive's or project's own metadata has another name, or another version than its file name",
    example: '`pybun x "demo @ https://files.example/other-1.0-py3-none-any.whl"`',
    repair: "write the name that the message gives, or mend the URL",
  },
} satisfies Readonly<Record<string, CodeSpec>>;

/** Codes of the machine itself: command line, settings, plugins, faults. */
export const kernelCodes = {
  E_USAGE: {
    exitCode: 2,
    summary: "the command line can't be understood",
    cause: "an unknown command, option or value, or an operand too few or too many",
    example: "`pybun --colour`",
    repair: "see `pybun help`, or `pybun help <command>`",
  },
  E_CONFIG_INVALID: {
    exitCode: 3,
    summary: "a configuration file or variable has a value of the wrong kind",
    cause: "a key holds another type than it is declared with, or the file is not TOML",
    example: '`offline = "perhaps"` in a configuration file',
    repair: "mend the line that is named; `pybun config list` shows every key with its type",
  },
  W_CONFIG_UNKNOWN: {
    summary: "a configuration file has a key nobody reads",
    cause: "a typing error, or a key of a plugin that is not installed",
    example: '`indx-url = "…"` under `[tool.pybun]`',
    repair: "correct or remove the key",
  },
  W_CONFIG_FOREIGN: {
    summary: "a configuration file of pip or uv was passed over, or a value in it",
    cause: "it can't be read or parsed, or a value is of another kind than that tool takes",
    example: "`timeout = soon` in pip.conf",
    repair: "mend the line that is named, or write the setting into a configuration file of PyBun's own",
  },
  W_CONFIG_ALIAS: {
    summary: "`[tool.dx-py]` and `[tool.pybun]` disagree",
    cause: "the same key stands in both tables with different values",
    example: "`offline = true` in one, `offline = false` in the other",
    repair: "keep the one in `[tool.pybun]`, which wins",
  },
  E_POLICY: {
    exitCode: 6,
    summary: "a policy forbids it",
    cause: "a value that the preset or the machine's policy file locks was to be changed",
    example: "a flag for a setting that `/etc/pybun/policy.toml` fixes",
    repair: "leave the value as it is, or ask whoever keeps the policy",
  },
  E_NO_HANDLER: {
    exitCode: 70,
    summary: "no plugin answers a stage",
    cause: "the preset lacks the plugin for this kind of source or artifact",
    example: "an editable requirement in a preset without a builder",
    repair: "use a preset that has the plugin: `pybun --preset default …`",
  },
  E_NO_SERVICE: {
    exitCode: 70,
    summary: "no plugin provides a service that another one needs",
    cause: "the preset leaves out a plugin that a remaining one depends on",
    example: "a preset with an index plugin but without HTTP",
    repair: "add the missing plugin to the preset",
  },
  E_PLUGIN: {
    exitCode: 70,
    summary: "an added plugin failed, or can't be loaded",
    cause: "a fault in the plugin's code, or a path or package that is not there",
    example: "a plugin that throws while it answers a stage",
    repair: "report it to the plugin's author; `pybun plugin remove NAME` takes it out",
  },
  E_PLUGIN_API: {
    exitCode: 3,
    summary: "a plugin was made for another plugin interface",
    cause: "its `apiVersion` has another major number, or it is no plugin at all",
    example: "a plugin with `apiVersion: 99`",
    repair: "take a version of the plugin made for this PyBun",
  },
  E_PLUGIN_CLASH: {
    exitCode: 3,
    summary: "two plugins claim one name",
    cause: "a command, setting, service or plugin name is added twice",
    example: "a plugin that adds a command `run`",
    repair: "remove one of the two plugins that are named",
  },
  E_PLUGIN_CHANGED: {
    exitCode: 6,
    summary: "a plugin's files are not those that were agreed to",
    cause: "it was never agreed to, or its content changed since",
    example: "a project that names `./tools/plugin.ts` in `plugins`",
    repair: "read the plugin's files, then agree with `pybun plugin add --trust-only PATH`",
  },
  E_INTERNAL: {
    exitCode: 70,
    summary: "a fault in PyBun itself",
    cause: "something happened that PyBun's authors did not expect",
    example: "none is known, or it would be mended",
    repair: "run the command again with `-v` and report what it prints",
  },
} satisfies Readonly<Record<string, CodeSpec>>;
