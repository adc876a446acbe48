import fs from "node:fs";
import type { RunOf } from "../../plugin-api/command.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { Prompts } from "../../plugin-api/prompts.ts";
import { Host, type Login, Redactor, Vault } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type { login as spec } from "./commands.ts";
import { type Addressed, indexOf } from "./index-operand.ts";

type Options = Parameters<RunOf<typeof spec>>[0];

const login: RunOf<typeof spec> = async (options, operands, session) => {
  if (options.token !== undefined && options.passwordStdin)
    throw usageError("auth login", "`--token` and `--password-stdin` both give the password");
  const index = await indexOf(operands[0] as string, session);
  const given = await loginFor(index, options, session);
  const vault = await session.use(Vault);
  const kept = await vault.keep(index.url, given);
  const isFile = kept.place === "file";
  const { home } = await session.use(Host);
  const where = isFile ? `in ${showPath(vault.file, { cwd: session.cwd, home })}` : "in the keychain";
  return {
    exitCode: 0,
    data: { login: { ...kept }, file: isFile ? vault.file : null },
    text: (ui) => `Kept the login of ${ui.name(kept.username)} for ${index.shown} ${where}\n`,
  };
};
export default login;

const TOKEN_USER = "__token__";

async function loginFor(index: Addressed, options: Options, session: Session): Promise<Login> {
  const prompts = await session.use(Prompts);
  const redactor = await session.use(Redactor);
  const secret = options.token ?? (options.passwordStdin ? readPassword() : index.password);
  if (secret !== undefined) redactor.addSecret(secret);
  const named = options.username ?? index.username;
  // A secret that comes by itself is as a rule a token, which needs no name.
  const username = named ?? (secret === undefined ? await prompts.text("User name: ", "plain") : TOKEN_USER);
  const shown = username ?? TOKEN_USER;
  const password = secret ?? (await prompts.text(`Password of ${shown} for ${index.shown}: `, "secret"));
  if (password) return { username: shown, password };
  throw new PybunError("E_LOGIN_INCOMPLETE", `no password for ${index.shown}`, {
    hints: [`give it on standard input: \`pybun auth login ${index.shown} --password-stdin\``],
    context: { index: index.shown },
  });
}

const STDIN = 0;
/** All of standard input, without the line's end that most programs write. */
const readPassword = (): string => fs.readFileSync(STDIN, "utf8").replace(/\r?\n$/, "");
