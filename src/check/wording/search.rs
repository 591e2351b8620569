//! Searches a text for any of several phrases in one pass.
//!
//! Almost every position is rejected by its first two bytes, so a text without any of
//! the phrases, which is the usual case, is read once.

/// The possible first and second bytes of a set of phrases.
pub(super) struct Search {
    first: [bool; 256],
    second: [bool; 256],
}

impl Search {
    /// Creates a search. Each phrase must start with at least two ASCII characters.
    #[expect(clippy::indexing_slicing, reason = "a const fn fails at compile time")]
    pub(super) const fn new(phrases: &[&str]) -> Self {
        let mut search = Self {
            first: [false; 256],
            second: [false; 256],
        };
        let mut index = 0;
        while index < phrases.len() {
            let phrase = phrases[index].as_bytes();
            search.first[phrase[0] as usize] = true;
            search.second[phrase[1] as usize] = true;
            index += 1;
        }
        search
    }

    /// Creates a case-insensitive search. The phrases must be lowercase.
    #[expect(clippy::indexing_slicing, reason = "a const fn fails at compile time")]
    pub(super) const fn case_insensitive(phrases: &[&str]) -> Self {
        let mut search = Self::new(phrases);
        let mut c = b'a';
        while c <= b'z' {
            let large = c.to_ascii_uppercase() as usize;
            search.first[large] = search.first[c as usize];
            search.second[large] = search.second[c as usize];
            c += 1;
        }
        search
    }

    /// Returns the byte positions at which a phrase may start.
    ///
    /// Positions after an ASCII letter or digit are left out; the caller checks other characters.
    pub(super) fn candidates(&self, text: &str) -> impl Iterator<Item = usize> {
        let has = |table: &[bool; 256], byte: u8| table.get(usize::from(byte)) == Some(&true);
        let mut within = false;
        let pairs = text.as_bytes().windows(2).enumerate();
        pairs.filter_map(move |(at, pair)| {
            let [one, two] = *pair else { return None };
            let may_begin = !within && has(&self.first, one) && has(&self.second, two);
            within = one.is_ascii_alphanumeric();
            may_begin.then_some(at)
        })
    }
}
