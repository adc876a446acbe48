import { printing } from "./print.ts";
import { type Flag, identifier, type Node, type Tree } from "./tree.ts";

/**
 * A script for bash 3.2 and later (macOS has no newer one, so no associative arrays). `=` splits words there unless
 * the user took it out of COMP_WORDBREAKS, so both forms are understood.
 */
export function bashScript({ program, nodes, globals }: Tree): string {
  const name = identifier(program);
  return `# Completion of ${program} for bash
${name}_words() {
  case "$1" in
${cases(nodes, ({ words }) => words.map(({ word }) => word).join(" "))}
  esac
}
${name}_flags() {
  case "$1" in
${cases(nodes, ({ flags }) => namesOf(flags))}
  esac
  echo ${JSON.stringify(namesOf(globals))}
}
# Values of an option; fails for one that takes none.
${name}_values() {
  case "$1 $2" in
${nodes.flatMap(({ path, flags }) => valueCases(flags, (flag) => `"${path} ${flag}"`)).join("\n")}
    *) case "$2" in
${valueCases(globals, (flag) => flag).join("\n")}
      *) return 1 ;;
    esac ;;
  esac
}
${name}_hands_over() {
  case "$1" in
    ${patterns(nodes.filter(({ handsOver }) => handsOver).map(({ path }) => path))}) return 0 ;;
  esac
  return 1
}
${name}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" node="" option="" prefix="" word offered i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    [[ $word == "=" ]] && continue
    if [[ -n $option ]]; then option=""; continue; fi
    case "$word" in
      --) return ;;
      -*) ${name}_values "$node" "$word" > /dev/null && option="$word" ;;
      *)
        if [[ " $(${name}_words "$node") " == *" $word "* ]]; then node="\${node:+$node }$word"
        elif ${name}_hands_over "$node"; then return
        fi ;;
    esac
  done
  [[ $cur == "=" ]] && cur=""
  if [[ -z $option && $cur == --*=* ]]; then option="\${cur%%=*}"; prefix="$option="; cur="\${cur#*=}"; fi
  if [[ -n $option ]]; then offered="$(${name}_values "$node" "$option")"
  elif [[ $cur == -* ]]; then offered="$(${name}_flags "$node")"
  else offered="$(${name}_words "$node")"
  fi
  COMPREPLY=($(compgen -P "$prefix" -W "$offered" -- "$cur"))
}
complete -o default -F ${name} ${program}
`;
}
export default printing(bashScript);

const namesOf = (flags: readonly Flag[]): string => flags.flatMap(({ names }) => names).join(" ");

const cases = (nodes: readonly Node[], text: (node: Node) => string): string =>
  nodes
    .map((node) => ({ path: node.path, text: text(node) }))
    .flatMap(({ path, text }) => (text === "" ? [] : [`    "${path}") echo ${JSON.stringify(text)} ;;`]))
    .join("\n");

const valueCases = (flags: readonly Flag[], pattern: (flag: string) => string): readonly string[] =>
  flags
    .filter(({ takesValue }) => takesValue)
    .map(({ names, values }) => `    ${names.map(pattern).join("|")}) echo "${values.join(" ")}" ;;`);

/** Patterns of a case; one that nothing matches where there are none. */
const patterns = (paths: readonly string[]): string =>
  paths.length === 0 ? '""' : paths.map((path) => `"${path}"`).join("|");
