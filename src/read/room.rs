//! The memory for incidents that need not be loaded a second time.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::archive::{Record, ReferredFile};

/// The number of bytes of input that stay in memory as records, where they take about twice as much.
const IN_MEMORY: u64 = 6 << 20;

/// The largest number of incidents for which that is worth the memory: loading an incident again takes a tenth of its time.
const FEW: usize = 2000;

/// The number of bytes of input that may still stay in memory.
pub(super) struct Room(AtomicU64);

impl Room {
    /// Creates the memory for an archive with this number of incidents; there is none if that is large.
    pub(super) fn new(incidents: usize) -> Self {
        Self(AtomicU64::new(if incidents > FEW { 0 } else { IN_MEMORY }))
    }

    /// Reserves memory for a record; returns `true` if there was enough.
    pub(super) fn take(&self, record: &Record) -> bool {
        let bytes = bytes(record);
        let rest = |room: u64| room.checked_sub(bytes);
        let taken = (self.0).fetch_update(Ordering::Relaxed, Ordering::Relaxed, rest);
        taken.is_ok()
    }
}

/// Returns the number of bytes of input that a record holds.
fn bytes(record: &Record) -> u64 {
    let texts = record.files.values().filter_map(ReferredFile::text);
    let texts: usize = texts.map(str::len).sum();
    let rows = record.customers_file.iter().map(|file| &file.rows);
    let rows: usize = rows.map(|rows| size_of_val(rows.as_slice())).sum();
    let held = u64::try_from(texts + rows).unwrap_or(u64::MAX);
    record.source.bytes.saturating_add(held)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::tests::record;

    #[test]
    fn a_large_archive_needs_no_memory_for_a_few_of_its_records() {
        let mut record = record("", &[]);
        record.source.bytes = 1;
        assert!(Room::new(FEW).take(&record));
        assert!(!Room::new(FEW + 1).take(&record));
    }

    #[test]
    fn a_record_is_kept_only_while_there_is_room_for_all_that_it_holds() {
        let room = Room(AtomicU64::new(100));
        let mut record = record("", &[]);
        record.source.bytes = 60;
        assert!(room.take(&record));
        assert!(!room.take(&record));
        record.source.bytes = 20;
        let evidence = ReferredFile::Text("x".repeat(21));
        record.files.insert("evidence/log.txt".into(), evidence);
        assert!(!room.take(&record));
        record.files.clear();
        assert!(room.take(&record));
    }
}
