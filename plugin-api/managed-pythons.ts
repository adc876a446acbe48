import type { Sha256 } from "./model/digest.ts";
import type { VersionWish } from "./python/interpreter-request.ts";
import { serviceKey } from "./service.ts";

/** A CPython that can be installed on this machine (SPEC PY-02). */
export interface AvailablePython {
  readonly version: string;
  readonly isFreeThreaded: boolean;
  /** Platform triple of the build, such as `x86_64-unknown-linux-gnu`. */
  readonly target: string;
  /** Date of the build, such as `20261021`. */
  readonly build: string;
  readonly filename: string;
  readonly sha256: Sha256;
  /** Of the archive; absent where the table does not know it. */
  readonly sizeBytes?: number;
  /** Absolute path of its executable, where it is installed. */
  readonly executable?: string;
}

/** The Pythons that PyBun installs itself (SPEC PY-02 to PY-05). */
export interface ManagedPythons {
  /** What the table has for this machine, newest first. Without `isRefreshed` nothing is fetched. */
  available(options?: { readonly isRefreshed?: boolean }): Promise<readonly AvailablePython[]>;
  /** The one that `python install` would now install for a wish; undefined when it could not. Throws nothing. */
  installable(wish: VersionWish): Promise<AvailablePython | undefined>;
  /** `3.9 to 3.15`: what `python install` could install now; undefined where that is nothing. Throws nothing. */
  range(): Promise<string | undefined>;
  /**
   * Path of an executable for a wish that nothing on this machine meets: installed now, if `python-downloads` is `automatic`
   * and the table has one; else undefined. Throws `E_OFFLINE_MISS` where only `--offline` is in the way, and what a download
   * and its checks throw.
   */
  obtain(wish: VersionWish, origin: string): Promise<string | undefined>;
}
export const ManagedPythons = serviceKey<ManagedPythons>("ManagedPythons");
