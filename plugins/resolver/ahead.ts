import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import { targetOf } from "../../plugin-api/model/interpreter.ts";
import type { InstallsInto } from "../../plugin-api/model/lock.ts";
import type { Extra, PackageName, Requirement } from "../../plugin-api/model/requirement.ts";
import { evaluateMarker } from "../../plugin-api/python/marker.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { FirstChoice } from "./first-choices.ts";
import { type Fit, fitOf } from "./fit.ts";
import type { Packages } from "./packages.ts";
import { fileOf, sourceOf } from "./releases.ts";
import { survey } from "./survey.ts";

/** What is larger waits until it is certain: fetched in vain, it would be in the way of what is needed. */
const LARGEST_BYTES = 32 * 1024 * 1024;

/**
 * Has wheels brought into the store while it is still being found out which others are needed: those of the solver's first
 * choices, which it keeps unless it meets a conflict. What it brings changes no decision, and what fails is met again by whoever
 * installs. One wheel a package at most, none that has to be built.
 */
export class Ahead {
  readonly #session: Session;
  readonly #interpreter: Interpreter;
  readonly #installed: InstallsInto["installed"];
  readonly #target: ReturnType<typeof targetOf>;
  readonly #fit: Fit;
  /** Packages and extras that are needed where it is installed, and those that were chosen and may not be. */
  readonly #needed = new Set<string>();
  readonly #waiting = new Map<string, readonly Requirement[]>();
  readonly #brought = new Set<PackageName>();

  /** `requirements`: what the answer is installed for. */
  constructor({ interpreter, installed }: InstallsInto, requirements: readonly Requirement[], session: Session) {
    this.#session = session;
    this.#interpreter = interpreter;
    this.#installed = installed;
    this.#target = targetOf(interpreter);
    this.#fit = fitOf(this.#target);
    this.#need(requirements);
  }

  /** Whether a marker holds where it is installed. */
  holds(marker: string): boolean {
    return marker === "" || evaluateMarker(marker, this.#target.markers);
  }

  /** Brings what was chosen, as far as it is known to be needed. */
  follow(choices: readonly FirstChoice[], packages: Packages): void {
    for (const { name, rank, extra } of choices)
      this.#waiting.set(keyOf(name, extra), packages.requirements(name, rank, extra) ?? []);
    for (const { name, extra } of choices) this.#open(keyOf(name, extra));
    for (const { name, rank } of choices) if (this.#needed.has(keyOf(name, ""))) this.#bring(name, rank, packages);
  }

  #need(requirements: readonly Requirement[]): void {
    for (const { name, extras, marker } of requirements) {
      if (!this.holds(marker)) continue;
      for (const extra of ["" as const, ...extras]) {
        this.#needed.add(keyOf(name, extra));
        this.#open(keyOf(name, extra));
      }
    }
  }

  /** What is chosen and needed needs what it requires. */
  #open(key: string): void {
    const requirements = this.#needed.has(key) ? this.#waiting.get(key) : undefined;
    if (!requirements) return;
    this.#waiting.delete(key);
    this.#need(requirements);
  }

  #bring(name: PackageName, rank: number, packages: Packages): void {
    if (this.#brought.has(name)) return;
    this.#brought.add(name);
    const { releases, policy } = packages.candidates(name)!;
    if (this.#installed.get(name) === releases.version(rank)) return;
    const { file: chosen } = survey(releases.parts(rank), { policy, fit: this.#fit, isYankAllowed: () => false });
    if (!chosen || chosen.page.tagIndex(chosen.row) < 0) return;
    const [file, source] = [fileOf(chosen), sourceOf(chosen)];
    const isLarge = file.sizeBytes !== undefined && file.sizeBytes > LARGEST_BYTES;
    if (source.kind !== "index" || file.sha256 === undefined || isLarge) return;
    const pin = { name, version: releases.version(rank), source, file, extras: [], dependencies: [], isDirect: false };
    this.#session.run("fetch.artifact", { pin, interpreter: this.#interpreter }).catch(() => undefined);
  }
}

const keyOf = (name: PackageName, extra: Extra | ""): string => `${name} ${extra}`;
