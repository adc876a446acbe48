import { options } from "../../plugin-api/option.ts";

export const settings = options({
  keyringProvider: {
    kind: "text",
    choices: ["native", "subprocess", "disabled"],
    default: "native",
    env: ["PYBUN_KEYRING_PROVIDER", "UV_KEYRING_PROVIDER"],
    key: "keyring-provider",
    argv: false,
    value: "WHICH",
    help: "where logins are looked for after a 401: the system's keychain, the program `keyring`, or nowhere",
  },
});
