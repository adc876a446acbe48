import { commandSpec } from "../../plugin-api/command.ts";

const text = { type: "string" } as const;
const place = { enum: ["keychain", "file"] } as const;
const keptLogin = {
  type: "object",
  properties: { url: text, username: text, place },
  required: ["url", "username", "place"],
} as const;

const all = { maturity: "preview", group: "More" } as const;

export const login = commandSpec({
  ...all,
  summary: "Keep the login for an index, in the system's keychain where there is one",
  brief: "keep a login for an index",
  isAct: true,
  operands: "<index>",
  arity: [1, 1],
  options: {
    username: { kind: "text", value: "NAME", help: "user name; asked for when left out" },
    token: { kind: "text", value: "TOKEN", help: "a token instead of user name and password" },
    passwordStdin: { kind: "flag", help: "read the password or token from standard input" },
  },
  examples: [
    ["pybun auth login corp", "the index `corp` of the configuration"],
    ["pybun auth login https://packages.example/simple/ --username me", "by its address"],
    ["printenv TOKEN | pybun auth login corp --password-stdin", "a token, without showing it to other processes"],
  ],
  data: { type: "object", properties: { login: keptLogin, file: { type: ["string", "null"] } }, required: ["login"] },
});

export const logout = commandSpec({
  ...all,
  summary: "Forget the login for an index",
  brief: "forget a login",
  isAct: true,
  operands: "<index>",
  arity: [1, 1],
  options: { username: { kind: "text", value: "NAME", help: "only that of this user" } },
  examples: [["pybun auth logout corp", "the index `corp` of the configuration"]],
  data: { type: "object", properties: { logins: { type: "array", items: keptLogin } }, required: ["logins"] },
});

export const list = commandSpec({
  ...all,
  summary: "List the logins that are kept, without their passwords",
  brief: "list kept logins",
  operands: "[index]",
  arity: [0, 1],
  options: {},
  examples: [["pybun auth list", "all of them"]],
  data: {
    type: "object",
    properties: { logins: { type: "array", items: keptLogin }, file: text },
    required: ["logins", "file"],
  },
});
