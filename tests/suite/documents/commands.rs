//! Renders `docs/cli.md` from the definition of the command line.

use std::fmt::Write as _;

use clap::builder::PossibleValue;
use clap::{Arg, Command};

const OPENING: &str = "\
# Command line

`afterword --help` lists the commands, and `afterword COMMAND --help` prints the options of one. This page has
all of them; it is generated from the same definition.

## Exit status

| status | meaning |
|---|---|
| 0 | success; `check` may have printed warnings |
| 1 | problems were found and printed: errors, warnings under `--deny-warnings`, what `audit` found, what `actions --fail` listed; or bad input: an invalid option, an unknown incident, no archive |
| 2 | the system failed: a file that cannot be written, a full disk |

## Environment

| variable | effect |
|---|---|
| `SOURCE_DATE_EPOCH` | seconds since 1970: the current time and the reference date, for reproducible output |
| `NO_COLOR` | if set, no colors |
| `CLICOLOR_FORCE` | if set and not `0`, colors also in output that does not go to a terminal |
";

/// Returns the reference of all commands, a section for each.
pub fn markdown(mut program: Command) -> String {
    program.build();
    let mut text = String::from(OPENING);
    text.push_str("\n## Options of every command\n");
    let global = program
        .get_arguments()
        .filter(|argument| argument.is_global_set());
    options(&mut text, global.collect());
    for command in program.get_subcommands() {
        section(&mut text, &mut vec!["afterword"], command);
    }
    text
}

fn section<'a>(text: &mut String, path: &mut Vec<&'a str>, command: &'a Command) {
    if command.get_name() == "help" {
        return;
    }
    path.push(command.get_name());
    let about = command
        .get_long_about()
        .or(command.get_about())
        .expect("about");
    let _ = write!(
        text,
        "\n{} {}\n\n",
        "#".repeat(path.len()),
        path[1..].join(" ")
    );
    let _ = write!(text, "{}.\n\n", about.to_string().trim_end_matches('.'));
    let usage = command.clone().render_usage().to_string();
    let usage = usage.strip_prefix("Usage: ").expect("a usage");
    let _ = write!(text, "```text\n{usage}\n```\n");
    let own = |argument: &&Arg| !argument.is_global_set() && argument.get_id() != "help";
    arguments(text, command.get_positionals().filter(own).collect());
    options(
        text,
        command
            .get_arguments()
            .filter(own)
            .filter(|argument| !argument.is_positional())
            .collect(),
    );
    for inner in command.get_subcommands() {
        section(text, path, inner);
    }
    path.pop();
}

fn arguments(text: &mut String, all: Vec<&Arg>) {
    if !all.is_empty() {
        text.push_str("\n| argument | description |\n|---|---|\n");
    }
    for argument in all {
        let _ = writeln!(text, "| `{argument}` | {} |", description(argument));
    }
}

fn options(text: &mut String, all: Vec<&Arg>) {
    if !all.is_empty() {
        text.push_str("\n| option | description |\n|---|---|\n");
    }
    for argument in all {
        let short = argument.get_short().map(|short| format!("`-{short}`, "));
        let long = argument.get_long().expect("a long name");
        let names = argument.get_value_names().unwrap_or_default().iter();
        let names = names.filter(|_| takes_value(argument));
        let names: Vec<String> = names.map(|name| format!(" <{name}>")).collect();
        let value = names.concat();
        let (short, description) = (short.unwrap_or_default(), description(argument));
        let _ = writeln!(text, "| {short}`--{long}{value}` | {description} |");
    }
}

fn description(argument: &Arg) -> String {
    let help = argument
        .get_long_help()
        .or(argument.get_help())
        .expect("help");
    let mut text = help.to_string().replace('\n', " ").replace('|', "\\|");
    if !takes_value(argument) {
        return text;
    }
    let values = argument.get_possible_values();
    let values: Vec<String> = values.iter().map(value).collect();
    if !values.is_empty() {
        let _ = write!(text, "<br>Values: {}", values.join(", "));
    }
    if let [default] = argument.get_default_values() {
        let _ = write!(text, "<br>Default: `{}`", default.to_string_lossy());
    }
    text
}

fn value(value: &PossibleValue) -> String {
    let help = value.get_help().map(|help| format!(" ({help})"));
    format!("`{}`{}", value.get_name(), help.unwrap_or_default())
}

fn takes_value(argument: &Arg) -> bool {
    argument
        .get_num_args()
        .is_some_and(|count| count.takes_values())
}
