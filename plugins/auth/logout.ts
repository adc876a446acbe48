import type { RunOf } from "../../plugin-api/command.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { Vault } from "../../plugin-api/services.ts";
import type { logout as spec } from "./commands.ts";
import { indexOf } from "./index-operand.ts";

const logout: RunOf<typeof spec> = async ({ username }, operands, session) => {
  const index = await indexOf(operands[0] as string, session);
  const gone = await (await session.use(Vault)).forget(index.url, username);
  if (gone.length === 0) {
    const whose = username === undefined ? "" : ` of ${username}`;
    throw new PybunError("E_LOGIN_UNKNOWN", `no login${whose} is kept for ${index.shown}`, {
      hints: ["see which are: `pybun auth list`"],
      context: { index: index.shown, url: index.url },
    });
  }
  return {
    exitCode: 0,
    data: { logins: gone },
    text: (ui) => gone.map((login) => `Forgot the login of ${ui.name(login.username)} for ${index.shown}\n`).join(""),
  };
};
export default logout;
