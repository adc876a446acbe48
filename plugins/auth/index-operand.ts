import { PybunError } from "../../plugin-api/error.ts";
import { nearest } from "../../plugin-api/nearest.ts";
import { Indexes } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { bareUrl, loginIn } from "../../plugin-api/url-scope.ts";

/** The index a command is about. */
export interface Addressed {
  /** As it was typed, without user-info. */
  readonly shown: string;
  /** With a slash at the end, without user-info. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

/** The index an operand means: the name of a configured one, an address, or a host. Throws `E_LOGIN_UNKNOWN`. */
export async function indexOf(operand: string, session: Session): Promise<Addressed> {
  if (/^https?:\/\//i.test(operand) && URL.canParse(operand)) return byUrl(operand);
  const indexes = await session.use(Indexes).then(
    (service) => service.list(),
    () => [],
  );
  const named = indexes.find(({ name }) => name === operand);
  if (named?.url.startsWith("http"))
    return { shown: operand, url: named.url, ...(named.username !== undefined && { username: named.username }) };
  const isHost = /^[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:\/\S*)?$/.test(operand);
  if (!named && isHost) return byUrl(`https://${operand}`);
  const near = nearest(
    operand,
    indexes.map(({ name }) => name),
  );
  const fault = named ? `the index \`${operand}\` is on this machine and takes no login` : `no index \`${operand}\``;
  throw new PybunError("E_LOGIN_UNKNOWN", fault, {
    hints: [near ? `did you mean \`${near}\`?` : "give the name of a configured index, or its address"],
    context: { index: operand },
  });
}

function byUrl(text: string): Addressed {
  const url = new URL(bareUrl(text));
  url.search = "";
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  const { username, password } = loginIn(text) ?? {};
  return { shown: url.href, url: url.href, ...(username && { username }), ...(password && { password }) };
}
