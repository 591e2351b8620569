//! The `afterword` command.
#![forbid(unsafe_code)]

/// Most of a build is short texts, which the allocators of the systems are slow for, above all that of musl.
#[cfg(unix)]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    afterword::cli::run()
}
