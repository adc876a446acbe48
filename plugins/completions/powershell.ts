import { printing } from "./print.ts";
import type { Flag, Tree } from "./tree.ts";

/** A script for PowerShell 5 and later. */
export function powershellScript({ program, nodes, globals }: Tree): string {
  const handing = nodes.filter(({ handsOver }) => handsOver).map(({ path }) => literal(path));
  return `# Completion of ${program} for PowerShell
Register-ArgumentCompleter -Native -CommandName ${literal(program)} -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @{
${nodes.map(({ path, words }) => `    ${literal(path)} = @(${pairs(words.map(({ word, meaning }) => [word, meaning]))})`).join("\n")}
  }
  $flags = @{
${nodes.map(({ path, flags }) => `    ${literal(path)} = @(${pairs(namesOf(flags))})`).join("\n")}
  }
  $global = @(${pairs(namesOf(globals))})
  $values = @{
${[...nodes.flatMap(({ path, flags }) => valuesOf(flags, `${path} `)), ...valuesOf(globals, "")].join("\n")}
  }
  $handing = @(${handing.join(", ")})
  $node = ''
  $option = $null
  $typed = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
  foreach ($word in $typed) {
    if ($option) { $option = $null; continue }
    if ($word -eq '--') { return }
    if ($word.StartsWith('-')) {
      if ($values.ContainsKey("$node $word")) { $option = "$node $word" }
      elseif ($values.ContainsKey($word)) { $option = $word }
      continue
    }
    $longer = "$node $word".Trim()
    if ($words.ContainsKey($longer)) { $node = $longer }
    elseif ($handing -contains $node) { return }
  }
  if ($option) { $offered = @($values[$option] | ForEach-Object { , @($_, $_) }) }
  elseif ($wordToComplete.StartsWith('-')) { $offered = @($flags[$node]) + $global }
  else { $offered = @($words[$node]) }
  $offered | Where-Object { $_ -and $_[0].StartsWith($wordToComplete) } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_[0], $_[0], 'ParameterValue', $_[1])
  }
}
`;
}
export default printing(powershellScript);

const literal = (text: string): string => `'${text.replace(/'/g, "''")}'`;

/** Each pair is a statement that gives one array, so that one pair alone is not flattened either. */
const pairs = (words: readonly (readonly [string, string])[]): string =>
  words.map(([word, meaning]) => `, @(${literal(word)}, ${literal(meaning)})`).join("; ");

const namesOf = (flags: readonly Flag[]): readonly (readonly [string, string])[] =>
  flags.flatMap(({ names, meaning }) => names.map((flag) => [flag, meaning] as const));

const valuesOf = (flags: readonly Flag[], prefix: string): readonly string[] =>
  flags
    .filter(({ takesValue }) => takesValue)
    .flatMap(({ names, values }) =>
      names.map((flag) => `    ${literal(prefix + flag)} = @(${values.map(literal).join(", ")})`),
    );
