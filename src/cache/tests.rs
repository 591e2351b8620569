//! Stored values are read back; damaged ones are not.

use std::fs;

use camino::Utf8PathBuf;
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

struct Archive {
    root: Utf8PathBuf,
    // Removed when dropped.
    _folder: TempDir,
}

impl Archive {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            root: folder.path().to_owned().try_into().unwrap(),
            _folder: folder,
        }
    }

    fn stored(&self, name: &str) -> Utf8PathBuf {
        self.root.join(FOLDER).join(name)
    }
}

#[test]
fn a_value_comes_back_with_what_was_packed_beside_it() {
    let archive = Archive::new();
    let cache = Cache::open(&archive.root);
    cache.write_with("a", &("one", 2_u8), &[&b"three"[..], b""]);
    let read = Cache::open(&archive.root).read_with::<(String, u8)>("a");
    let expected = (("one".to_owned(), 2), vec![b"three".to_vec(), Vec::new()]);
    assert_eq!(read, Some(expected));
    assert_eq!(cache.read::<String>("b"), None);
    let ignored = fs::read_to_string(archive.stored(".gitignore"));
    assert_eq!(ignored.unwrap(), "*\n");
}

#[test]
fn packed_values_are_read_from_their_file_even_if_another_took_its_name() {
    let archive = Archive::new();
    let cache = Cache::open(&archive.root);
    let long = [&[7; 100][..], &[8; 200]];
    let appender = cache.append("a", &1_u8).unwrap();
    let added = appender.add(&[long[0], b"short", long[1]]).unwrap();
    appender.finish();
    let (first, read) = cache.read_packed::<u8>("a").unwrap();
    assert_eq!(first, 1);
    cache.write("a", &2_u8);
    let expected = [long[0], b"short", long[1]];
    for all in [&added, &read] {
        let bytes: Vec<_> = all.iter().map(|one| one.bytes().unwrap()).collect();
        assert_eq!(bytes, expected);
        for (one, bytes) in all.iter().zip(expected) {
            assert_eq!(one.digest(), Packed::from(bytes.to_vec()).digest());
        }
    }
    fs::write(archive.stored("a"), "damaged").unwrap();
    assert!(cache.read_packed::<u8>("a").is_none());
}

#[test]
fn a_value_that_cannot_be_read_any_more_is_noted() {
    let archive = Archive::new();
    let cache = Cache::open(&archive.root);
    let text = "long ".repeat(100);
    let appender = cache.append("a", &1_u8).unwrap();
    let added = appender.add(&[&pack(&text).unwrap()]).unwrap();
    appender.finish();
    assert_eq!(added[0].unpacked::<String>(), text);
    assert!(!added[0].is_damaged());
    let mut file = OpenOptions::new();
    file.write(true);
    let file = file.open(archive.stored("a")).unwrap();
    file.set_len(0).unwrap();
    assert_eq!(added[0].unpacked::<String>(), "");
    assert!(added[0].is_damaged());
}

#[test]
fn a_value_of_another_type_or_program_is_as_good_as_none() {
    let archive = Archive::new();
    let cache = Cache::open(&archive.root);
    cache.write("a", &7_u8);
    assert_eq!(cache.read::<(String, String)>("a"), None);
    let bytes = fs::read(archive.stored("a")).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    let fingerprint = env!("AFTERWORD_FINGERPRINT");
    let at = text.find(fingerprint).unwrap();
    let mut other = bytes.clone();
    other[at] ^= 1;
    fs::write(archive.stored("a"), other).unwrap();
    assert_eq!(cache.read::<u8>("a"), None);
    fs::write(archive.stored("a"), bytes).unwrap();
    assert_eq!(cache.read::<u8>("a"), Some(7));
}

#[test]
fn where_nothing_can_be_written_nothing_is_kept() {
    let archive = Archive::new();
    fs::write(archive.root.join(RESERVED), "a file").unwrap();
    let cache = Cache::open(&archive.root);
    cache.write("a", &1_u8);
    assert!(!cache.is_open());
    assert_eq!(cache.read::<u8>("a"), None);
}

#[cfg(unix)]
#[test]
fn a_folder_behind_a_link_is_somebody_elses() {
    let (archive, other) = (Archive::new(), Archive::new());
    std::os::unix::fs::symlink(&other.root, archive.root.join(RESERVED)).unwrap();
    assert!(!Cache::open(&archive.root).is_open());
    assert_eq!(other.root.read_dir_utf8().unwrap().count(), 0);
}

proptest! {
    #[test]
    fn damage_of_any_kind_is_seen(at in 0_usize..400, bit in 0_u32..8, cut: bool) {
        let archive = Archive::new();
        let cache = Cache::open(&archive.root);
        let value = vec!["some words".to_owned(); 8];
        cache.write_with("a", &value, &[&b"more"[..]]);
        let mut bytes = fs::read(archive.stored("a")).unwrap();
        let at = at % bytes.len();
        if cut {
            bytes.truncate(at);
        } else {
            bytes[at] ^= 1 << bit;
        }
        fs::write(archive.stored("a"), bytes).unwrap();
        prop_assert_eq!(cache.read_with::<Vec<String>>("a"), None);
    }

    #[test]
    fn any_bytes_unpack_without_a_panic(bytes: Vec<u8>) {
        let _ = unpack::<crate::facts::Summary>(&bytes);
        let _ = unpack::<crate::check::Checked>(&bytes);
        let _ = frame::read(&mut &*bytes, bytes.len() as u64, |_, _, _| {});
    }
}

#[test]
fn a_file_is_known_by_its_stamp_until_that_changes() {
    let archive = Archive::new();
    let path = Utf8Path::new("a.toml");
    let whole = archive.root.join(path);
    fs::write(&whole, "one").unwrap();
    // As if the file were an hour old.
    let later = Stamp::new(&fs::metadata(&whole).unwrap()).modified() + 3_600_000_000_000;
    let table = FileTable::new(&archive.root, KnownFiles::default(), later);
    let first = table.state(path).unwrap();
    assert!(!first.is_new && table.has_read() && table.is_settled());
    assert_eq!(first.digest, Digest::new(b"one"));
    let known = table.known();

    let table = FileTable::new(&archive.root, known.clone(), later);
    assert_eq!(table.state(path), Some(first));
    assert!(!table.has_read(), "the stamp was enough");
    fs::write(&whole, "two").unwrap();
    assert_eq!(table.state(path), Some(first), "the same in the whole run");
    assert!(!table.is_settled());

    let table = FileTable::new(&archive.root, known.clone(), later);
    assert_eq!(table.state(path).unwrap().digest, Digest::new(b"two"));
    let was = known.find("a.toml").unwrap().1;
    let now = || fs::metadata(&whole).unwrap();
    assert_eq!(was.unchanged(&whole, &now(), later), None);
    assert!(!known.are_in(&archive.root, false));
    fs::write(&whole, "one").unwrap();
    // Its content is the same again.
    assert!(was.unchanged(&whole, &now(), later).is_some());
    assert!(known.are_in(&archive.root, false));
}

#[test]
fn files_are_in_place_only_if_no_link_leads_to_them() {
    let archive = Archive::new();
    let folder = archive.root.join("a/b");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("c"), "one").unwrap();
    let file = KnownFile::read(&folder.join("c"), Some(i64::MAX)).unwrap();
    let known = KnownFiles {
        paths: Paths::of(|| ["a/b/c"].into_iter()),
        files: vec![file],
    };
    assert!(known.are_in(&archive.root, false) && known.are_in(&archive.root, true));
    #[cfg(unix)]
    {
        fs::rename(archive.root.join("a"), archive.root.join("other")).unwrap();
        std::os::unix::fs::symlink(archive.root.join("other"), archive.root.join("a")).unwrap();
        assert!(!known.are_in(&archive.root, false));
    }
}

#[test]
fn a_file_that_came_or_went_unsettles_a_run() {
    let archive = Archive::new();
    let path = Utf8Path::new("evidence/a.log");
    let table = || FileTable::new(&archive.root, KnownFiles::default(), i64::MAX);
    let before = table();
    assert_eq!(before.state(path), None);
    assert!(before.is_settled());
    fs::create_dir(archive.root.join("evidence")).unwrap();
    fs::write(archive.root.join(path), "one").unwrap();
    assert!(!before.is_settled());
    let before = table();
    assert!(before.state(path).is_some());
    fs::remove_file(archive.root.join(path)).unwrap();
    assert!(!before.is_settled());
}

#[test]
fn a_file_as_new_as_the_run_is_read_again_by_the_next() {
    let archive = Archive::new();
    let path = Utf8Path::new("a.toml");
    fs::write(archive.root.join(path), "one").unwrap();
    let now = Stamp::new(&fs::metadata(archive.root.join(path)).unwrap()).modified();
    let table = FileTable::new(&archive.root, KnownFiles::default(), now);
    assert!(table.state(path).unwrap().is_new);
    assert_eq!(table.known().files[0].stamp, None);
    // Its content tells, even if a change is too quick for a new time.
    assert!(table.is_settled());
    fs::write(archive.root.join(path), "two").unwrap();
    assert!(!table.is_settled());
}

#[cfg(unix)]
#[test]
fn what_lies_behind_a_link_is_not_there() {
    let archive = Archive::new();
    fs::create_dir(archive.root.join("real")).unwrap();
    fs::write(archive.root.join("real/a"), "one").unwrap();
    std::os::unix::fs::symlink("real", archive.root.join("link")).unwrap();
    std::os::unix::fs::symlink("real/a", archive.root.join("a")).unwrap();
    let table = FileTable::new(&archive.root, KnownFiles::default(), i64::MAX);
    assert!(table.state("real/a".as_ref()).is_some());
    assert_eq!(table.state("link/a".as_ref()), None);
    assert_eq!(table.state("a".as_ref()), None);
    assert!(table.is_settled());
}
