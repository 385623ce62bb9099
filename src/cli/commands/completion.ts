// Floor 9. `swimlink completion`: prints scripts for shells, which ask the program itself for words to offer.
import { Argument, Command } from 'commander'
import { print } from '../output.js'

const scripts = {
  bash: `_swimlink() {
  local words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  mapfile -t COMPREPLY < <(compgen -W "$(swimlink completion offer -- "\${words[@]}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _swimlink swimlink`,
  zsh: `#compdef swimlink
_swimlink() {
  local -a offers
  offers=("\${(@f)$(swimlink completion offer -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -- $offers || _files
}
compdef _swimlink swimlink`,
  fish: `complete -c swimlink -a '(swimlink completion offer -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'`,
}

const about = `Prints what makes a shell complete commands and options. For bash, in ~/.bashrc:
  eval "$(swimlink completion bash)"
For zsh the same with zsh in ~/.zshrc, behind compinit; for fish, in ~/.config/fish/config.fish:
  swimlink completion fish | source`

export const completionCommand = (): Command =>
  new Command('completion')
    .summary('make your shell complete')
    .description(about)
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices([...Object.keys(scripts), 'offer']))
    .argument('[words...]', 'for the scripts: what is typed so far, after offer')
    .action(async (shell: keyof typeof scripts | 'offer', words: string[], _, { parent }: Command) =>
      print(shell === 'offer' ? offers(parent!, words) : [scripts[shell]]),
    )

/** The words that may replace the last of `words`. */
export function offers(program: Command, words: readonly string[]): string[] {
  const typed = words.at(-1) ?? ''
  const command = program.commands.find(each => each.name() === words[0])
  if (words.length < 2 || command === undefined)
    return [...program.commands.map(each => each.name()), '--help', '--version'].filter(name => name.startsWith(typed))
  const option = command.options.find(each => each.long === words.at(-2) || each.short === words.at(-2))
  if (option?.argChoices) return option.argChoices.filter(choice => choice.startsWith(typed))
  if (option?.required === true) return []
  if (command.name() === 'completion') return Object.keys(scripts).filter(name => name.startsWith(typed))
  return [...command.options.map(each => each.long!), '--help'].filter(name => typed !== '' && name.startsWith(typed))
}
