import type { RunOf } from "../../plugin-api/command.ts";
import type { KeptLogin } from "../../plugin-api/services.ts";
import { Vault } from "../../plugin-api/services.ts";
import type { list as spec } from "./commands.ts";
import { indexOf } from "./index-operand.ts";

const list: RunOf<typeof spec> = async (_options, [operand], session) => {
  const vault = await session.use(Vault);
  const index = operand === undefined ? undefined : await indexOf(operand, session);
  const logins = vault.list().filter(({ url }) => index === undefined || url === index.url);
  return {
    exitCode: 0,
    data: { logins, file: vault.file },
    text: (ui) => (logins.length === 0 ? "" : table(logins, ui.name)),
  };
};
export default list;

function table(logins: readonly KeptLogin[], paint: (text: string) => string): string {
  const width = Math.max(...logins.map(({ url }) => url.length));
  const users = Math.max(...logins.map(({ username }) => username.length));
  const rows = logins.map(
    ({ url, username, place }) => `${paint(url)}${" ".repeat(width - url.length)}  ${username.padEnd(users)}  ${place}`,
  );
  return `${rows.join("\n")}\n`;
}
