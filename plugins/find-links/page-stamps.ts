import { sha256Of } from "../../plugin-api/hash/native.ts";
import type { PageStamps } from "../../plugin-api/page-stamps.ts";
import { type Session, sharedSettings } from "../../plugin-api/session.ts";
import { Shelves } from "./shelves-key.ts";

/** One stamp for all packages: what the places list. With `-v` none, because reading them then tells what was left out. */
export default async function pageStamps(session: Session): Promise<PageStamps> {
  const shelves = await session.use(Shelves);
  const stamp = async (): Promise<string | undefined> => {
    const identity = sharedSettings(session).verbose > 0 ? undefined : await shelves.identity();
    return identity && sha256Of(identity);
  };
  return { used: stamp, current: stamp };
}
