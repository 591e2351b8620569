# What is run often; each line is also in CONTRIBUTING.md.

test:
    cargo test

bless:
    BLESS=1 cargo test

site:
    cargo run -- build

ci:
    bash .ci/run
