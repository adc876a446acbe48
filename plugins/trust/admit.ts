import fs from "node:fs";
import { warning } from "../../plugin-api/diagnostic.ts";
import type { Artifact } from "../../plugin-api/model/environment.ts";
import { Prompts } from "../../plugin-api/prompts.ts";
import { Host, SettingsTable, type Store } from "../../plugin-api/services.ts";
import { type Session, settingsOf, sharedSettings } from "../../plugin-api/session.ts";
import type { LinkInput } from "../../plugin-api/stages.ts";
import { consentFile, isNoted, noteHooks, readNoted, refusalFile } from "./consents.ts";
import { type Suspect, suspectsOf } from "./gate.ts";
import { type Hook, hookOf } from "./hook.ts";
import { isKnownHook } from "./known-hooks.ts";
import { type Brought, headline, question, refusal, rows } from "./refusal.ts";
import { settings } from "./settings.ts";
import { ownFileThatAllows } from "./whose-setting.ts";

export interface Admission {
  readonly input: LinkInput;
  readonly suspects: readonly Suspect[];
  readonly store: Store;
}

/** Lets hooks pass, or throws `E_STARTUP_HOOK`. */
export async function admit(admission: Admission, session: Session): Promise<void> {
  const { input, suspects, store } = admission;
  const strangers = suspects
    .filter(({ artifact }) => !isOwn(artifact))
    .flatMap((suspect) => hookOf(suspect, input) ?? [])
    .filter((hook) => !isKnownHook(hook));
  if (strangers.length === 0) return;
  const host = await session.use(Host);
  const agreed = readNoted(consentFile(host));
  const hooks = strangers.filter((hook) => !isNoted(agreed, hook));
  if (hooks.length === 0) return;
  const brought = byPackage(hooks).map((each) => ({ ...each, ...newSince(each, input, store) }));
  const { startupHooks: rule } = settingsOf(session, settings);
  const notCounting = rule === "allow" ? ownFileThatAllows(host, await session.use(SettingsTable)) : undefined;
  if (rule === "allow" && notCounting === undefined) {
    tellNew(brought, session);
    return;
  }
  const mayAsk = rule !== "deny" && host.canPrompt && !sharedSettings(session).yes;
  const refused = mayAsk ? await refusedByAnswer(brought, host, session) : brought;
  if (refused.length === 0) return;
  await noteHooks(
    refusalFile(host),
    refused.flatMap((each) => each.hooks),
    host,
  );
  throw refusal(refused, notCounting);
}

/** What PyBun makes of a folder of this machine, to be worked on where it lies, is the user's own. */
const isOwn = ({ pin: { source } }: Artifact): boolean =>
  source.kind === "member" ||
  (source.kind === "path" && source.isEditable === true && fs.statSync(source.path).isDirectory());

function byPackage(hooks: readonly Hook[]): readonly Brought[] {
  const names = [...new Set(hooks.map((hook) => hook.package))];
  return names.map((name) => {
    const own = hooks.filter((hook) => hook.package === name) as [Hook, ...Hook[]];
    return { name, version: own[0].version, hooks: own };
  });
}

/** The version that is installed and brought nothing of the kind, as far as its wheel is still there to tell. */
function newSince({ name, hooks }: Brought, { plan }: LinkInput, store: Store): Pick<Brought, "since"> {
  const present = plan.existing?.installed.find((installed) => installed.name === name);
  const entry = present?.wheelSha256 && store.find(present.wheelSha256);
  if (!present || !entry) return {};
  const artifact = { pin: { name, version: present.version }, entry } as Artifact;
  const before = suspectsOf(artifact, store.layout(entry)).flatMap(
    (suspect) => hookOf(suspect, { plan, artifacts: [artifact] }) ?? [],
  );
  const isNew = hooks.some((hook) => !before.some(({ sha256 }) => sha256 === hook.sha256));
  return isNew ? { since: present.version } : {};
}

function tellNew(brought: readonly Brought[], session: Session): void {
  for (const each of brought) {
    if (each.since === undefined) continue;
    const diagnostic = warning("W_STARTUP_HOOK", headline([each]), {
      evidence: rows([each]),
      context: { hooks: each.hooks, since: each.since },
    });
    session.emit({ type: "Diagnostic", diagnostic });
  }
}

async function refusedByAnswer(brought: readonly Brought[], host: Host, session: Session): Promise<readonly Brought[]> {
  const prompts = await session.use(Prompts);
  const refused: Brought[] = [];
  for (const each of brought) {
    if (await prompts.confirm(question(each), false)) await noteHooks(consentFile(host), each.hooks, host);
    else refused.push(each);
  }
  return refused;
}
