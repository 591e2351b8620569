//! Every word of every page is in the file in which the search page looks for it.

use std::collections::BTreeMap;
use std::convert::Infallible;

use super::*;

fn html(path: &str, text: &str) -> File {
    let html = format!("<main><h1>{path}</h1><h2 id=\"a\">Cause</h2><p>{text}</p></main>");
    made(format!("{path}.html"), html)
}

/// Returns the files of an index over pages, by path.
fn searched(pages: &[File]) -> BTreeMap<String, String> {
    let search = Search::default();
    let mut files = Vec::new();
    for (script, terms) in pages.iter().filter_map(page) {
        files.push(script);
        search.add(terms, None);
    }
    let put: Result<(), Infallible> = search.files(&mut |_, _| Ok(false), &mut |file| {
        files.push(file);
        Ok(())
    });
    put.expect("it cannot fail");
    let text = |file: File| match file.bytes {
        FileContent::Made(bytes) => (file.path, String::from_utf8(bytes).expect("text")),
        FileContent::Copied(path) => panic!("{path} is copied"),
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
    let files = searched(&[
        html("incidents/B-1", "database pool"),
        html("incidents/A-1", "Database index"),
    ]);
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
    let mut pages: Vec<File> = (10..60)
        .map(|number| {
            html(
                &format!("incidents/INC-{number}"),
                &format!("word{} same", number % 7),
            )
        })
        .collect();
    let first = searched(&pages);
    pages.reverse();
    pages.rotate_left(17);
    assert!(searched(&pages) == first);
}

#[test]
fn large_files_are_split_and_every_word_is_still_found() {
    let pages: Vec<File> = (0..120)
        .map(|number| {
            let words = (0..60).map(|word| format!("co{}x{word}y{number} ", (word * number) % 97));
            html(
                &format!("incidents/INC-{number:04}"),
                &words.collect::<String>(),
            )
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
    for (number, page) in pages.iter().enumerate().step_by(11) {
        let FileContent::Made(html) = &page.bytes else {
            continue;
        };
        let html = String::from_utf8_lossy(html);
        let text = html.split_once("<p>").expect("text").1;
        for word in words::split(text.split_once('<').expect("it ends").0) {
            assert!(
                find(&files, &word).contains(&(number as u64)),
                "{word} of {number}"
            );
        }
    }
}

#[test]
fn postings_contain_the_rank_of_a_word() {
    let files = searched(&[html("incidents/Pool", "index index index index once")]);
    let rank = |word| postings(&files, word)[0] & 3;
    assert_eq!(["once", "index", "cause", "pool"].map(rank), [0, 1, 2, 3]);
    assert!(files.contains_key("search/words.js"), "{:?}", files.keys());
}
