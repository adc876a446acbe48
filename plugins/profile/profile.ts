import fs from "node:fs";
import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { profileNames } from "../../plugin-api/profile.ts";
import { settingsOf } from "../../plugin-api/session.ts";
import type { profileCommand as spec } from "./commands.ts";
import { settings } from "./settings.ts";

/** One word for two things: profiles, and what a program imports. A target means the second, unless it is a profile's name. */
const profile: RunOf<typeof spec> = async (options, operands, session) => {
  const [first] = operands;
  const isAboutProfiles = options.list || options.show !== undefined || options.compare !== undefined;
  const { profiles: tables } = settingsOf(session, settings);
  const isProfile = (word: string): boolean =>
    profileNames(tables).includes(word) && !fs.existsSync(path.resolve(session.cwd, word));
  const isListed = first === undefined || isAboutProfiles || (operands.length === 1 && isProfile(first));
  const { default: handler } = isListed ? await import("./profiles.ts") : await import("./imports.ts");
  return handler(options, operands, session);
};
export default profile;
