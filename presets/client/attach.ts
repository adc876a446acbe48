// The start of the runtime takes 4 ms, more than most commands take a daemon. So an executable begins with a client of a
// page, in C: what can't be had before the runtime starts can't be in TypeScript.
import fs from "node:fs";
import path from "node:path";
import { ANSWER_MS, AT_START, OFF } from "../../plugin-api/launch/background.ts";
import * as place from "../../plugin-api/launch/daemon/place.ts";
import { KILLED, STOPPING, UNFINISHED, WORD } from "../../plugin-api/launch/daemon/words.ts";
import { HANDED_ON, SERVER_KILLED, TOLD_MS } from "../../plugin-api/launch/zygote/words.ts";
import { ALONE, compiler } from "../c-compiler.ts";

/** What the client knows of command lines. */
export interface Words {
  /** First words of the commands that it asks a daemon for. */
  readonly commands: readonly string[];
  /** Options of every command whose next word is their value, with their dashes. */
  readonly taking: readonly string[];
}

/**
 * Has an executable begin with a client that asks a daemon for commands. `scratch`: a folder for what is made on the way. Throws
 * where the executable is of an unknown form.
 */
export function attachClient(executable: string, words: Words, scratch: string): void {
  const image = fs.readFileSync(executable);
  const { note, entry, endsAt } = partsOf(image);
  const offset = nextPage(image.length);
  const address = nextPage(endsAt);
  const code = compile(words, { address, runtime: entry }, scratch);
  // A note says who made a program, and nobody reads it at run time: its line in the table becomes that of the client.
  image.writeUInt32LE(PT_LOAD, note);
  image.writeUInt32LE(READ_AND_EXECUTE, note + 4);
  for (const [at, value] of [offset, address, address, code.length, code.length, PAGE].entries())
    image.writeBigUInt64LE(BigInt(value), note + 8 + 8 * at);
  image.writeBigUInt64LE(BigInt(address), ENTRY_AT);
  fs.writeFileSync(executable, Buffer.concat([image, Buffer.alloc(offset - image.length), code]));
}

// The executable and linkable format, as System V's ABI has it for 64 bits.
const MAGIC = Buffer.from("\x7fELF\x02\x01\x01", "latin1");
const TYPE_AT = 16;
const EXECUTABLE_AT_ITS_ADDRESS = 2;
const ENTRY_AT = 24;
const TABLE_AT = 32;
const LINE_BYTES_AT = 54;
const PT_LOAD = 1;
const PT_NOTE = 4;
const READ_AND_EXECUTE = 5;
const PAGE = 4096;

const nextPage = (at: number): number => Math.ceil(at / PAGE) * PAGE;

/** Where the line about notes stands in the table of segments, where the program begins, and the first address behind all of it. */
function partsOf(image: Buffer): { readonly note: number; readonly entry: number; readonly endsAt: number } {
  if (!image.subarray(0, MAGIC.length).equals(MAGIC) || image.readUInt16LE(TYPE_AT) !== EXECUTABLE_AT_ITS_ADDRESS)
    throw new Error("the runtime is not of the form that a client is attached to");
  const word = (at: number): number => Number(image.readBigUInt64LE(at));
  const [bytes, count] = [image.readUInt16LE(LINE_BYTES_AT), image.readUInt16LE(LINE_BYTES_AT + 2)];
  const lines = Array.from({ length: count }, (_, index) => word(TABLE_AT) + index * bytes);
  const note = lines.findLast((line) => image.readUInt32LE(line) === PT_NOTE);
  const loaded = lines.filter((line) => image.readUInt32LE(line) === PT_LOAD);
  // The system wants segments in the order of their addresses, and the client's is the last.
  if (note === undefined || note < Math.max(...loaded)) throw new Error("the runtime has no room for a client");
  return { note, entry: word(ENTRY_AT), endsAt: Math.max(...loaded.map((line) => word(line + 16) + word(line + 40))) };
}

/** Everything that is read, in one piece that begins with the first instruction; what would be written to has no place there. */
const LAYOUT = `SECTIONS {
  . = ADDRESS;
  .text : { *(.text.first) *(.text*) *(.rodata*) }
  .data : { *(.data*) *(.bss*) }
  /DISCARD/ : { *(.comment) *(.eh_frame*) *(.note*) }
  ASSERT(SIZEOF(.data) == 0, "the client has memory of its own")
}
`;
const COMPILED = ["-target", "x86_64-linux-none", "-Os", "-fno-pic"];

function compile(words: Words, { address, runtime }: Record<"address" | "runtime", number>, scratch: string): Buffer {
  const file = (name: string): string => path.join(scratch, name);
  fs.writeFileSync(file("words.h"), wordsFor(words));
  fs.writeFileSync(file("layout"), LAYOUT.replace("ADDRESS", String(address)));
  const run = compiler(scratch);
  const source = path.join(import.meta.dirname, "client.c");
  run("cc", ...COMPILED, ...ALONE, "-I", scratch, "-c", source, "-o", file("client.o"));
  const symbols = ["--defsym", `runtime=${runtime}`, "--entry", "client"];
  run("ld.lld", "--oformat", "binary", "-T", file("layout"), ...symbols, "-o", file("client"), file("client.o"));
  return fs.readFileSync(file("client"));
}

/** A header for the client, from what the rest of the product goes by. Pure. */
function wordsFor({ commands, taking }: Words): string {
  const text = (value: string): string => JSON.stringify(value);
  const list = (values: readonly string[]): string => values.map((value) => `${text(value)} "\\0"`).join(" ");
  const defined = {
    PROTOCOL: text(place.PROTOCOL),
    COMMANDS: list(commands),
    TAKING: list(taking),
    AT_START: list([...AT_START, ...place.AT_START]),
    OFF: list(OFF),
    OWN_PLACES: list(place.OWN_PLACES),
    KILLED: text(KILLED),
    SERVER_KILLED: text(SERVER_KILLED),
    SIGNALS_STOPPING: Object.values(STOPPING).join(", "),
    SIGNALS_HANDED_ON: Object.values(HANDED_ON).join(", "),
    UNFINISHED,
    ANSWER_MS,
    TOLD_MS,
    ...Object.fromEntries(Object.entries(WORD).map(([name, value]) => [`WORD_${name.toUpperCase()}`, value])),
  };
  return Object.entries(defined)
    .map(([name, value]) => `#define ${name} ${value}\n`)
    .join("");
}
