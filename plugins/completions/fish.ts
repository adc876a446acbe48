import { printing } from "./print.ts";
import { type Flag, identifier, quoted, type Tree } from "./tree.ts";

/** A script for fish 3: one function finds the command that the words so far name, every line offers one word at one place. */
export function fishScript({ program, nodes, globals }: Tree): string {
  const name = `_${identifier(program)}`;
  const paths = nodes.filter(({ path }) => path !== "").map(({ path }) => quoted(path));
  const taking = nodes.flatMap(({ path, flags }) => namesTaking(flags).map((flag) => quoted(`${path} ${flag}`)));
  const handing = nodes.filter(({ handsOver }) => handsOver).map(({ path }) => quoted(path));
  return `# Completion of ${program} for fish
# Prints the command that is being typed, and "-" where its words are another program's.
function ${name}_node
  set -l node ''
  set -l skip 0
  for word in (commandline -opc)[2..-1]
    if test $skip = 1
      set skip 0
      continue
    end
    switch $word
      case '--'
        echo '-'
        return
      case '-*=*'
      case '-*'
        if contains -- "$node $word" ${taking.join(" ")}; or contains -- $word ${namesTaking(globals).map(quoted).join(" ")}
          set skip 1
        end
      case '*'
        set -l longer (string trim -- "$node $word")
        if contains -- $longer ${paths.join(" ")}
          set node $longer
        else if contains -- $node ${handing.join(" ")}
          echo '-'
          return
        end
    end
  end
  echo $node
end
function ${name}_at
  test (${name}_node) = "$argv[1]"
end
function ${name}_inside
  test (${name}_node) != '-'
end
${nodes
  .flatMap(({ path, words, flags }) => [
    ...words.map(
      ({ word, meaning }) =>
        `complete -c ${program} -f -n ${condition(name, path)} -a ${quoted(word)} -d ${quoted(meaning)}`,
    ),
    ...flags.map((flag) => `complete -c ${program} -n ${condition(name, path)} ${option(flag)}`),
  ])
  .join("\n")}
${globals.map((flag) => `complete -c ${program} -n ${quoted(`${name}_inside`)} ${option(flag)}`).join("\n")}
`;
}
export default printing(fishScript);

const condition = (name: string, path: string): string => quoted(`${name}_at ${quoted(path)}`);

function option({ names, meaning, takesValue, values }: Flag): string {
  const typed = names.map((flag) => (flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)).join(" ");
  const value = values.length > 0 ? ` -x -a ${quoted(values.join(" "))}` : takesValue ? " -r" : "";
  return `${typed}${value} -d ${quoted(meaning)}`;
}

const namesTaking = (flags: readonly Flag[]): readonly string[] =>
  flags.filter(({ takesValue }) => takesValue).flatMap(({ names }) => names);
