import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_CERTIFICATE: {
    exitCode: 3,
    summary: "a file of certificates can't be used",
    cause: "the file is missing or holds no certificate, or a client certificate comes without its key",
    example: "`SSL_CERT_FILE=/dev/null pybun x cowsay`",
    repair: "name a PEM file with at least one certificate, or unset the variable that is named",
  },
  W_LOGIN_WITHHELD: {
    summary: "a login in variables was not sent to an index of that name",
    cause: "the project has an index of that name on another server than you say it is on",
    example:
      "`PYBUN_INDEX_CORP_URL=https://packages.corp.example/` in a project whose index `corp` is at `https://elsewhere.example/`",
    repair: "look who wrote the project's file; if the index did move, change the variable or file that is named",
  },
  W_NETRC_IGNORED: {
    summary: "a netrc file was not used",
    cause: "other users of the machine can read it, or it can't be understood",
    example: "a `~/.netrc` of mode 644 with an entry for the index's host",
    repair: "`chmod 600 ~/.netrc`",
  },
} satisfies Readonly<Record<string, CodeSpec>>;
