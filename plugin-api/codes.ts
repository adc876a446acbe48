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
  E_AUTH: {
    exitCode: 5,
    summary: "an index refused the credentials or wants some",
    cause: "the server answered 401 or 403",
    example: "a private index without a user name",
    repair: "put user name and password into the index's URL or into `~/.netrc`",
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
} satisfies Readonly<Record<string, CodeSpec>>;
