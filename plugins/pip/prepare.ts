import type { Target } from "../../plugin-api/model/interpreter.ts";
import type { Pin } from "../../plugin-api/model/resolution.ts";
import type { RequirementsOptions } from "../../plugin-api/python/requirements-file-options.ts";
import { amendSources } from "../../plugin-api/requirements/amend-sources.ts";
import { type Asked, demandsOf } from "../../plugin-api/requirements/asked.ts";
import { allowedHashes, areHashesRequired, checkHashes, checkListed } from "../../plugin-api/requirements/hashes.ts";
import type { Session } from "../../plugin-api/session.ts";
import { amendBuilds } from "./amend-builds.ts";
import { type Choosing, type Chosen, choose } from "./choose.ts";
import { checkConstraints } from "./constraints.ts";
import { type Distribution, distributionsIn } from "./distributions.ts";
import { withClones } from "./editable-clone.ts";
import { type Place, type PlaceOptions, placeFor } from "./place.ts";
import { readWanted, type TypedOptions, typedOptions, type Words } from "./wanted.ts";

export interface Call {
  readonly words: Words;
  readonly typed: TypedOptions & Parameters<typeof amendBuilds>[0];
  readonly place: PlaceOptions;
  /** Folder for clones of repositories that are to be editable. */
  readonly src?: string | undefined;
}

/** What a call that installs asks for, and where. */
export interface Prepared {
  readonly asked: readonly Asked[];
  readonly options: RequirementsOptions;
  readonly place: Place;
  readonly installed: readonly Distribution[];
  readonly areHashesRequired: boolean;
}

/** Reads what is asked for and looks at the place, before any stage but those that name unnamed places. */
export async function prepare({ words, typed, place: placed, src }: Call, session: Session): Promise<Prepared> {
  const wanted = await readWanted(words, typedOptions(typed, session.cwd), session);
  await amendSources(wanted.options, session);
  await amendBuilds(typed, wanted.entries, session);
  const place = await placeFor(placed, session);
  const entries = await withClones(wanted.entries, { place, src }, session);
  const asked = await demandsOf(entries, place.interpreter, session);
  checkConstraints(asked);
  const isRequired = areHashesRequired(wanted.entries, wanted.options);
  if (isRequired) checkListed(asked, { ...wanted.options, requiresHashes: true });
  const { existing, kind } = place;
  const installed = existing && kind !== "target" ? await distributionsIn(existing, session) : [];
  return { asked, options: wanted.options, place, installed, areHashesRequired: isRequired };
}

/** What has to be put in, held to the hashes that are listed. */
export async function chooseHeld(
  prepared: Prepared & { readonly target?: Target | undefined },
  choosing: Choosing,
  session: Session,
): Promise<Chosen & { readonly held: readonly Pin[] }> {
  const { asked, areHashesRequired: isRequired } = prepared;
  const chosen = await choose({ ...prepared, choosing }, session);
  return { ...chosen, held: await checkHashes(chosen.install, allowedHashes(asked), { isRequired }) };
}
