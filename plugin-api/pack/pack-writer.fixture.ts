import { Pack } from "./pack.ts";

/** One of several processes that write a pack at once: `pack-writer.fixture.ts FOLDER NAME COUNT`. */
const [folder = "", name = "", count = "0"] = process.argv.slice(2);
for (let round = 0; round < Number(count); round++) {
  const pack = new Pack(folder);
  const value = Buffer.alloc(1 + ((round * 977) % 5000), name);
  pack.put({ key: `${name} ${round}`, note: String(round), value, checkedAtS: 1, freshUntilS: 2 });
  pack.put({ key: "shared", note: name, value: Buffer.from(name), checkedAtS: round, freshUntilS: 2 });
  if (round % 3 === 2) pack.spill();
  else await pack.flush();
}
