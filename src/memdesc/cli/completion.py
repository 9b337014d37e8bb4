"""`memdesc completion`: what lets a shell complete the command line."""

import argparse

from memdesc.cli import describe, output
from memdesc.cli.describe import Described, Option
from memdesc.cli.exit_status import ExitStatus

_USE = {
    "bash": 'put  eval "$(memdesc completion bash)"  into ~/.bashrc',
    "zsh": "memdesc completion zsh > ~/.zfunc/_memdesc, with ~/.zfunc in $fpath before compinit",
    "fish": "memdesc completion fish > ~/.config/fish/completions/memdesc.fish",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `memdesc completion`."""
    parser.add_argument(
        "shell", choices=list(_USE), help="; ".join(f"{shell}: {how}" for shell, how in _USE.items())
    )
    output.add_argument(parser)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Write the completion of a shell."""
    made = {"bash": bash, "zsh": zsh, "fish": fish}[arguments.shell](describe.commands())
    output.write(made, arguments.output)
    return ExitStatus.CLEAN


def bash(commands: tuple[Described, ...]) -> str:
    """Return a function for bash that completes commands, options, and values of which there are few."""
    cases, values = [], []
    for command in commands:
        path = " ".join(command.path)
        words = " ".join([*command.commands, *_names(command)])
        cases.append(f'        "{path}") words="{words}" ;;')
        values += [
            f'        "{path}|{name}") words="{" ".join(option.choices)}" ;;'
            for option in command.options
            if option.choices
            for name in option.names
        ]
    known = " ".join(f'"{" ".join(command.path)}"' for command in commands if command.path)
    return "\n".join(
        [
            "# completion of memdesc for bash; made by: memdesc completion bash",
            "_memdesc() {",
            '    local current="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"',
            '    local path="" word next known words',
            "    COMPREPLY=()",
            '    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
            '        next="${path:+$path }$word"',
            f"        for known in {known}; do",
            '            if [ "$next" = "$known" ]; then path="$next"; fi',
            "        done",
            "    done",
            '    case "$path" in',
            *cases,
            "    esac",
            '    case "$path|$before" in',
            *values,
            "    esac",
            '    COMPREPLY=($(compgen -W "$words" -- "$current"))',
            "}",
            "complete -o default -o bashdefault -F _memdesc memdesc",
            "",
        ]
    )


def zsh(commands: tuple[Described, ...]) -> str:
    """Return a function for zsh that completes commands and options, with what they do."""
    lines = ["#compdef memdesc", "# completion of memdesc for zsh; made by: memdesc completion zsh"]
    helps = {command.path: command.help for command in commands}
    for command in commands:
        name = "_".join(["_memdesc", *command.path]).replace("-", "_")
        lines += [f"{name}() {{", '  local curcontext="$curcontext" state line', "  _arguments -C \\"]
        for option in command.options:
            lines += [f"    {_zsh(spec)} \\" for spec in _specs(option)]
        if command.commands:
            lines += [
                "    '1: :->command' '*:: :->rest'",
                "  case $state in",
                "    command)",
                "      local -a known",
            ]
            lines.append("      known=(")
            for inner in command.commands:
                says = helps.get((*command.path, inner), "").replace(":", r"\:")
                lines.append(f"        {_zsh(f'{inner}:{says}')}")
            lines += ["      )", "      _describe command known ;;", "    rest)", "      case $line[1] in"]
            for inner in command.commands:
                inside = "_".join([name, inner]).replace("-", "_")
                lines.append(f"        {inner}) {inside} ;;")
            lines += ["      esac ;;", "  esac"]
        else:
            lines.append("    '*:file:_files'")
        lines.append("}")
    # Found in $fpath the file is the function itself; given to `source` it only names it.
    ends = 'if [[ ${funcstack[1]} = _memdesc ]]; then _memdesc "$@"; else compdef _memdesc memdesc; fi'
    return "\n".join([*lines, ends, ""])


def _specs(option: Option) -> list[str]:
    says = option.help.replace("[", "(").replace("]", ")").replace(":", r"\:")[:100]
    value = ""
    if option.value:
        action = f"({' '.join(option.choices)})" if option.choices else "_files"
        value = f":value:{action}"
    return [f"{name}[{says}]{value}" for name in option.names]


def _zsh(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def fish(commands: tuple[Described, ...]) -> str:
    """Return lines for fish that complete commands and options, with what they do."""
    lines = ["# completion of memdesc for fish; made by: memdesc completion fish"]
    helps = {command.path: command.help for command in commands}
    for command in commands:
        seen = " ; and ".join(f"__fish_seen_subcommand_from {word}" for word in command.path)
        inside = (
            f" ; and not __fish_seen_subcommand_from {' '.join(command.commands)}" if command.commands else ""
        )
        where = (seen + inside) if seen else "__fish_use_subcommand"
        for inner in command.commands:
            says = _fish(helps.get((*command.path, inner), ""))
            lines.append(f"complete -c memdesc -n '{where}' -f -a {inner} -d {says}")
        for option in command.options:
            if not option.names:
                continue
            named = " ".join(f"-l {n[2:]}" if n.startswith("--") else f"-s {n[1:]}" for n in option.names)
            values = (
                f" -x -a {_fish(' '.join(option.choices))}"
                if option.choices
                else " -r"
                if option.value
                else ""
            )
            lines.append(f"complete -c memdesc -n '{where}' {named}{values} -d {_fish(option.help[:100])}")
    return "\n".join([*lines, ""])


def _fish(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _names(command: Described) -> list[str]:
    return [name for option in command.options for name in option.names]
