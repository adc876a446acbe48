import { printing } from "./print.ts";
import { type Flag, identifier, quoted, type Tree, type Word } from "./tree.ts";

/** A script for zsh 5: usable from fpath as `_NAME` and by `eval`. Each list is `word:meaning`, as `_describe` reads it. */
export function zshScript({ program, nodes, globals }: Tree): string {
  const name = identifier(program);
  const own = (flags: readonly Flag[]) =>
    flags.flatMap(({ names, meaning }) => names.map((word) => ({ word, meaning })));
  const words = nodes.filter((node) => node.words.length > 0);
  const flagged = nodes.filter(({ flags }) => flags.length > 0);
  const handing = nodes.filter(({ handsOver }) => handsOver).map(({ path }) => quoted(path));
  return `#compdef ${program}
${name}_words() {
  case "$1" in
${words.map((node) => `    ${quoted(node.path)}) reply=(${described(node.words)}) ;;`).join("\n")}
    *) reply=() ;;
  esac
}
${name}_flags() {
  reply=(${described(own(globals))})
  case "$1" in
${flagged.map(({ path, flags }) => `    ${quoted(path)}) reply+=(${described(own(flags))}) ;;`).join("\n")}
  esac
}
# Values of an option; fails for one that takes none.
${name}_values() {
  reply=()
  case "$1 $2" in
${nodes.flatMap(({ path, flags }) => valueCases(flags, (flag) => quoted(`${path} ${flag}`))).join("\n")}
    *) case "$2" in
${valueCases(globals, (flag) => flag).join("\n")}
      *) return 1 ;;
    esac ;;
  esac
}
${walk(name)}typeset -ga ${name}_handing=(${handing.join(" ")})
if [[ "\${funcstack[1]}" == "${name}" ]]; then ${name} "$@"; else compdef ${name} ${program}; fi
`;
}
export default printing(zshScript);

/** Finds the command that the words so far name, and offers what may follow. */
const walk = (name: string): string => `${name}() {
  local node="" option="" word i
  local -a reply
  for ((i = 2; i < CURRENT; i++)); do
    word="\${(Q)words[i]}"
    if [[ -n $option ]]; then option=""; continue; fi
    case "$word" in
      --) _files; return ;;
      -*=*) ;;
      -*) ${name}_values "$node" "$word" && option="$word" ;;
      *)
        ${name}_words "$node"
        if (( \${reply[(I)$word:*]} )); then node="\${node:+$node }$word"
        elif [[ -n $node ]] && (( \${\${(@)${name}_handing}[(Ie)$node]} )); then _files; return
        fi ;;
    esac
  done
  word="\${words[CURRENT]}"
  if [[ -z $option && $word == --*=* ]] && ${name}_values "$node" "\${word%%=*}"; then
    option="\${word%%=*}"
    compset -P '*='
  fi
  if [[ -n $option ]]; then
    ${name}_values "$node" "$option"
    if (( $#reply )); then compadd -a reply; else _files; fi
  elif [[ $word == -* ]]; then
    ${name}_flags "$node"
    _describe -o option reply
  else
    ${name}_words "$node"
    if (( $#reply )); then _describe command reply; else _files; fi
  fi
}
`;

const described = (words: readonly Word[]): string =>
  words.map(({ word, meaning }) => quoted(`${word.replace(/:/g, "\\:")}:${meaning}`)).join(" ");

const valueCases = (flags: readonly Flag[], pattern: (flag: string) => string): readonly string[] =>
  flags
    .filter(({ takesValue }) => takesValue)
    .map(({ names, values }) => `    ${names.map(pattern).join("|")}) reply=(${values.map(quoted).join(" ")}) ;;`);
