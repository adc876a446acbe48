import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import type { Event } from "../../plugin-api/event.ts";
import { Host, SettingsTable } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";

export interface SessionChoice {
  /** Folders and files below the machine's root. */
  readonly cwd?: string;
  readonly project?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Values of settings as if typed on the command line. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Services by key name, besides `Host` and `SettingsTable`. */
  readonly services?: Readonly<Record<string, unknown>>;
}

/** A machine of one folder: `home`, `work`, `data` and `path`, the only folder on PATH. Its system has no folders of its own. */
export interface FakeMachine {
  readonly root: string;
  readonly events: Event[];
  at(file: string): string;
  write(files: Readonly<Record<string, string>>): void;
  session(choice?: SessionChoice): Session;
  remove(): void;
}

/** Makes a machine for unit tests of plugins: a session that runs no stage, and is told all events. */
export function createMachine(): FakeMachine {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "machine-")));
  const at = (file: string): string => path.join(root, file);
  for (const folder of ["home", "work", "path"]) fs.mkdirSync(at(folder));
  const events: Event[] = [];
  return {
    root,
    events,
    at,
    write: (files) => {
      for (const [file, text] of Object.entries(files)) {
        fs.mkdirSync(path.dirname(at(file)), { recursive: true });
        fs.writeFileSync(at(file), text);
      }
    },
    session: (choice = {}) => sessionOn(at, events, choice),
    remove: () => fs.rmSync(root, { recursive: true }),
  };
}

function sessionOn(at: FakeMachine["at"], events: Event[], choice: SessionChoice): Session {
  const { cwd = "work", project, env, settings = {}, services = {} } = choice;
  const host = {
    env: { PATH: at("path"), ...env },
    home: at("home"),
    platform: "plan9",
    dataDir: at("data"),
    projectRoot: project && at(project),
  };
  const table = {
    get: (key: string) =>
      settings[key] === undefined ? undefined : { value: settings[key], origin: { kind: "argv", name: `--${key}` } },
  };
  const given: Readonly<Record<string, unknown>> = { [Host.name]: host, [SettingsTable.name]: table, ...services };
  const use = async ({ name }: { readonly name: string }): Promise<unknown> => {
    if (given[name] === undefined) throw new PybunError("E_NO_SERVICE", `the test gave no service ${name}`);
    return given[name];
  };
  const run = (stage: string): never => {
    throw new Error(`the test expects no stage ${stage}`);
  };
  const emit = (event: Event): void => void events.push(event);
  const session = { cwd: at(cwd), signal: new AbortController().signal, settings, run, emit, use };
  return Object.freeze(session) as unknown as Session;
}
