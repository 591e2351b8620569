//! Looks for any of several phrases in one pass over a text.
//!
//! Almost every place of a text is passed by after a look at two bytes, so a text
//! that has none of the phrases, which is nearly every one, costs about its length.

/// The first and the second bytes of some phrases.
pub(super) struct Search {
    first: [bool; 256],
    second: [bool; 256],
}

impl Search {
    /// Prepares a search; each phrase has two ASCII letters or signs at least.
    #[expect(
        clippy::indexing_slicing,
        reason = "it runs when it is compiled, where it cannot fail unseen"
    )]
    pub(super) const fn new(phrases: &[&str]) -> Self {
        let mut search = Self {
            first: [false; 256],
            second: [false; 256],
        };
        let mut place = 0;
        while place < phrases.len() {
            let phrase = phrases[place].as_bytes();
            search.first[phrase[0] as usize] = true;
            search.second[phrase[1] as usize] = true;
            place += 1;
        }
        search
    }

    /// Prepares a search that takes large and small letters for one; the phrases have small ones.
    #[expect(
        clippy::indexing_slicing,
        reason = "it runs when it is compiled, where it cannot fail unseen"
    )]
    pub(super) const fn of_any_case(phrases: &[&str]) -> Self {
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

    /// Lists the places of a text at which a phrase may begin.
    ///
    /// None follows an ASCII letter or digit; what else it must not follow, the caller asks.
    pub(super) fn places(&self, text: &str) -> impl Iterator<Item = usize> {
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
