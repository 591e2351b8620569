//! The `afterword` command.
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    afterword::cli::run()
}
