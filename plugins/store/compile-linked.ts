import type { Settle } from "../../plugin-api/plugin.ts";
import { Store } from "../../plugin-api/services.ts";
import { settingsOf } from "../../plugin-api/session.ts";
import { settings } from "./settings.ts";

/**
 * Sees to it that what was just linked has its bytecode in the store, once for all environments (SPEC STO-07). By default
 * in the background: the program that is about to run need not wait for modules it may never import.
 */
const compileLinked: Settle<"link"> = async ({ artifacts }, environment, session) => {
  const { bytecode } = settingsOf(session, settings);
  // Opening the store clears away what a killed run left there, also when there was nothing to fetch.
  const store = await session.use(Store);
  if (bytecode === "never" || artifacts.length === 0) return;
  const entries = artifacts.map(({ entry }) => entry);
  await store.compile(entries, environment.interpreter, bytecode === "wait" ? "wait" : "detach");
};
export default compileLinked;
