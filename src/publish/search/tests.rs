//! Every word of every page is in the file in which the search page looks for it.

use std::collections::BTreeMap;
use std::convert::Infallible;

use rayon::prelude::*;

use super::*;
use crate::publish::FileContent;
use crate::render::TextSection;

/// Returns a page with a title, a heading and a text.
fn text(title: &str, text: &str) -> (String, PageText) {
    let section = TextSection {
        id: "a".to_owned(),
        title: "Cause".to_owned(),
        text: text.to_owned(),
    };
    let page = PageText {
        title: title.to_owned(),
        sections: vec![section],
    };
    (format!("incidents/{title}"), page)
}

/// Returns the files of an index over pages, by path.
fn searched(pages: &[(String, PageText)]) -> BTreeMap<String, String> {
    let mut search = Search::default();
    // The threads of the pool share the pages in an order of their own.
    let mut files: Vec<File> = pages
        .par_iter()
        .map(|(path, text)| {
            let (script, terms) = page(path, text);
            search.add(terms, None);
            script
        })
        .collect();
    let put: Result<(), Infallible> = search.files(&mut |_, _| Ok(false), &mut |file| {
        files.push(file);
        Ok(())
    });
    put.expect("it cannot fail");
    let text = |file: File| match file.bytes {
        FileContent::Made(bytes) => (file.path, String::from_utf8(bytes).expect("text")),
        _ => panic!("{} is not made", file.path),
    };
    files.into_iter().map(text).collect()
}

fn data(script: &str) -> serde_json::Value {
    let (_, json) = script.split_once('(').expect("a call");
    let json = json.trim_end().strip_suffix(')').expect("it ends");
    serde_json::from_str(json).expect("JSON")
}

/// Finds the postings of a word as the search page's script does.
fn postings(files: &BTreeMap<String, String>, word: &str) -> Vec<u64> {
    let contents = data(&files["search/contents.js"]);
    let begin = contents["begin"].as_str().expect("text");
    let begin: Vec<&str> = begin.split(' ').collect();
    let length = word.chars().count();
    let starts = (0..=length).map(|length| word.chars().take(length).collect::<String>());
    let prefix = starts
        .into_iter()
        .find(|prefix| begin.contains(&prefix.as_str()) || prefix == word)
        .expect("some file has the word");
    let file = data(&files[&format!("search/words{}.js", words::file_name(&prefix))]);
    let postings = file[word].as_array().expect("the word is there");
    postings
        .iter()
        .map(|posting| posting.as_u64().expect("a number"))
        .collect()
}

/// Finds the numbers of the pages that have a word.
fn find(files: &BTreeMap<String, String>, word: &str) -> Vec<u64> {
    let mut page = 0;
    let numbers = postings(files, word).into_iter().map(|posting| {
        page += posting >> 2;
        page
    });
    numbers.collect()
}

#[test]
fn a_word_is_found_on_the_pages_that_contain_it() {
    let files = searched(&[text("B-1", "database pool"), text("A-1", "Database index")]);
    assert_eq!(find(&files, "database"), [0, 1]);
    assert_eq!(find(&files, "pool"), [1]);
    assert_eq!(find(&files, "cause"), [0, 1]);
    let contents = data(&files["search/contents.js"]);
    assert_eq!(
        contents["pages"],
        serde_json::json!(["/incidents/A-1", "B-1"])
    );
    assert!(files.contains_key("search/pages/incidents/A-1.js"));
}

#[test]
fn the_order_in_which_pages_are_read_changes_nothing() {
    let page = |number| {
        let words = format!("word{} same", number % 7);
        text(&format!("INC-{number}"), &words)
    };
    let mut pages: Vec<_> = (10..60).map(page).collect();
    let first = searched(&pages);
    pages.reverse();
    pages.rotate_left(17);
    assert!(searched(&pages) == first);
}

#[test]
fn large_files_are_split_and_every_word_is_still_found() {
    let pages: Vec<_> = (0..120)
        .map(|number| {
            let words = (0..60).map(|word| format!("co{}x{word}y{number} ", (word * number) % 97));
            text(&format!("INC-{number:04}"), &words.collect::<String>())
        })
        .collect();
    let files = searched(&pages);
    let names: Vec<&String> = files
        .keys()
        .filter(|name| name.starts_with("search/words"))
        .collect();
    assert!(names.len() > 5, "{names:?}");
    for (name, text) in &files {
        let words = data(text).as_object().map_or(0, serde_json::Map::len);
        assert!(
            !name.starts_with("search/words") || text.len() <= LARGE + 64 || words == 1,
            "{name}: {}",
            text.len()
        );
    }
    for (number, (_, page)) in pages.iter().enumerate().step_by(11) {
        for word in words::split(&page.sections[0].text) {
            assert!(
                find(&files, word).contains(&(number as u64)),
                "{word} of {number}"
            );
        }
    }
}

#[test]
fn postings_contain_the_rank_of_a_word() {
    let files = searched(&[text("Pool", "index index index index once")]);
    let rank = |word| postings(&files, word)[0] & 3;
    assert_eq!(["once", "index", "cause", "pool"].map(rank), [0, 1, 2, 3]);
    assert!(files.contains_key("search/words.js"), "{:?}", files.keys());
}

#[test]
fn accents_and_case_do_not_count_and_part_of_a_text_without_spaces_is_found() {
    let files = searched(&[
        text("INC-1", "Zo\u{eb} meldete 決済サービス停止"),
        text("INC-2", "サービス"),
    ]);
    assert_eq!(find(&files, "zoe"), [0]);
    assert_eq!(find(&files, "停止"), [0]);
    assert_eq!(find(&files, "ビス"), [0, 1]);
    let shown = &files["search/pages/incidents/INC-1.js"];
    let expected = r#"{"title":"INC-1","sections":[["a","Cause","Zoë meldete 決済サービス停止"]]}"#;
    assert_eq!(shown, &format!("afterword.page({expected})\n"));
}
