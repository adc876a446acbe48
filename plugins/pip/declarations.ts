import { options } from "../../plugin-api/option.ts";
import { ENVIRONMENT_DATA, ENVIRONMENT_DATA_OR_NONE } from "../../plugin-api/text/environment-data.ts";

/** What all commands share. */
export const shared = { maturity: "preview", group: "Python" } as const;
export const MANY = [0, Number.POSITIVE_INFINITY] as const;
export const text = { type: "string" };

/** Where packages come from; what of these a requirements file says is added to what is typed. */
export const sources = options({
  indexUrl: { kind: "text", short: "i", value: "URL", help: "index to use instead of the public one" },
  extraIndexUrl: { kind: "list", value: "URL", help: "further index beside it" },
  noIndex: { kind: "flag", help: "use no index, only what --find-links gives" },
  findLinks: { kind: "list", short: "f", value: "PLACE", help: "folder or page whose archives are candidates, too" },
  trustedHost: { kind: "list", value: "HOST", help: "do not check the certificate of HOST" },
});

/** Which of the files that fit are taken. */
export const files = options({
  pre: { kind: "flag", env: ["PIP_PRE"], help: "take pre-releases, too" },
  noBinary: {
    kind: "list",
    value: "NAMES",
    help: "use no wheels of these, separated by commas; `:all:` for every one",
  },
  onlyBinary: { kind: "list", value: "NAMES", help: "use only wheels of these; `:all:` for every one" },
  preferBinary: { kind: "flag", help: "take an older version with a wheel rather than build a newer one" },
});

/** What is asked for. */
export const requirements = options({
  requirement: { kind: "list", short: "r", value: "FILE", help: "what this requirements file lists" },
  group: { kind: "list", value: "[PATH:]GROUP", help: "a dependency group of the pyproject.toml here, or at PATH" },
  constraint: {
    kind: "list",
    short: "c",
    value: "FILE",
    env: ["PIP_CONSTRAINT", "UV_CONSTRAINT"],
    help: "versions to keep to if something needs the package",
  },
  editable: { kind: "list", short: "e", value: "DIR", help: "the project in DIR, so that changes to it count at once" },
  requireHashes: {
    kind: "flag",
    env: ["PIP_REQUIRE_HASHES", "UV_REQUIRE_HASHES"],
    help: "install only what is listed with a hash",
  },
});

/** Whether what these require comes, too. */
export const dependencies = options({
  noDeps: { kind: "flag", env: ["PIP_NO_DEPS"], help: "without what these require" },
  noDependencies: { kind: "flag", isHidden: true, help: "as --no-deps" },
});

/** For which Python and machine. */
export const foreign = options({
  platform: { kind: "list", value: "TAG", help: "wheels for this platform, such as `manylinux2014_x86_64`" },
  pythonVersion: { kind: "text", value: "VERSION", help: "wheels for this version of Python" },
  implementation: { kind: "text", value: "NAME", help: "wheels for this implementation: `cp` or `py`" },
  abi: { kind: "list", value: "TAG", help: "wheels for this ABI" },
});

/** How sources are built. */
export const builds = options({
  buildIsolation: { kind: "flag", default: true, isHidden: true, help: "build in an environment of its own" },
  configSettings: {
    kind: "list",
    short: "C",
    value: "KEY=VALUE",
    help: "setting for the build backends",
  },
});

/** What users of pip and scripts made for it write, and what changes nothing here. */
export const ignored = options({
  disablePipVersionCheck: { kind: "flag", isHidden: true, help: "without effect: PyBun does not look for a new pip" },
  noWarnScriptLocation: { kind: "flag", isHidden: true, help: "without effect: PyBun does not warn of it" },
  noWarnConflicts: { kind: "flag", isHidden: true, help: "without effect" },
  noCacheDir: { kind: "flag", isHidden: true, help: "without effect: what is installed links to the cache" },
  noInput: { kind: "flag", isHidden: true, help: "without effect: off a terminal PyBun asks nothing" },
  noPythonVersionWarning: { kind: "flag", isHidden: true, help: "without effect" },
  usePep517: { kind: "flag", isHidden: true, help: "without effect: every build goes by PEP 517" },
  compile: { kind: "flag", isHidden: true, help: "without effect: bytecode is made when it is first of use" },
  progressBar: { kind: "text", isHidden: true, value: "WHEN", help: "without effect; see --progress" },
  rootUserAction: { kind: "text", isHidden: true, value: "WHAT", help: "without effect: PyBun does not warn of it" },
});

/** Of commands that read an environment: which folders count. */
export const folders = options({
  local: { kind: "flag", short: "l", help: "only what is in the environment itself" },
  user: { kind: "flag", help: "only what is in the folder of the user" },
  path: { kind: "list", value: "DIR", help: "what is in these folders, instead of the environment" },
});

/** Of commands that list an environment: which distributions count. */
export const reading = options({
  ...folders,
  exclude: { kind: "list", value: "NAME", help: "leave this package out" },
});

const named = { type: "object", properties: { name: text, version: text }, required: ["name", "version"] };

/** JSON Schema of what changes, or would, in an environment. */
export const CHANGE_DATA = {
  type: "object",
  properties: {
    env: ENVIRONMENT_DATA,
    installed: { type: "array", items: named },
    removed: { type: "array", items: named },
    satisfied: { type: "array", items: named },
    dry_run: { type: "boolean" },
  },
  required: ["env", "installed", "removed", "satisfied", "dry_run"],
};

/** JSON Schema of lists of installed distributions. */
export const DISTRIBUTIONS_DATA = {
  type: "object",
  properties: {
    env: ENVIRONMENT_DATA_OR_NONE,
    packages: {
      type: "array",
      items: {
        type: "object",
        properties: { name: text, version: text, editable_project_location: text, latest_version: text },
        required: ["name", "version"],
      },
    },
  },
  required: ["env", "packages"],
};
