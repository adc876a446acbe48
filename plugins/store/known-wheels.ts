import type { Sha256 } from "../../plugin-api/model/digest.ts";
import { Pack } from "../../plugin-api/pack/pack.ts";
import type { Places } from "./places.ts";
import { type Pointer, parsePointer, pointerText } from "./pointer.ts";

/** Pointers that were read once, all in one mapped file: a hundred small files take five milliseconds to read. */
export interface KnownWheels {
  find(wheelSha256: Sha256): Pointer | undefined;
  note(wheelSha256: Sha256, pointer: Pointer): void;
  /** Keeps what was noted for other processes. */
  keep(): Promise<void>;
}

/** They never go stale: the content has the wheel's digest, and the layout follows from the content. */
export function openKnownWheels(places: Places): KnownWheels {
  let pack: Pack | undefined;
  let isNew = false;
  const open = (): Pack => (pack ??= new Pack(places.known));
  return {
    find(wheelSha256) {
      const record = open().find(wheelSha256);
      return record && parsePointer(Buffer.from(record.value).toString());
    },
    note(wheelSha256, pointer) {
      isNew = true;
      open().put({
        key: wheelSha256,
        note: "",
        value: Buffer.from(pointerText(pointer)),
        checkedAtS: 0,
        freshUntilS: 0,
      });
    },
    keep: async () => {
      if (isNew) await open().flush();
      isNew = false;
    },
  };
}
