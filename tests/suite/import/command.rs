//! The command: what it writes, what it says, what it refuses.
