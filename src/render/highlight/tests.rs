use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;

use super::languages::{End, LANGUAGES, parse};
use super::*;

/// A language and its code, in which `‹k SELECT›` is a token of class `hl-k`.
const EXAMPLES: &[(&str, &str)] = &[
    (
        "sql",
        "‹c -- it's slow›\n‹k SELECT› user_id, ‹t count›(*) ‹k FROM› t ‹k where› a >= ‹n 1.5›-‹n 2›;",
    ),
    (
        "sql",
        "‹k WHERE› at > ‹t now›() - ‹t INTERVAL› ‹s '30 days'› ‹k AND› n = ‹s 'O'›‹s 'Brien'›",
    ),
    (
        "sql",
        "‹k select› ‹s 'lost›\n‹k from› ‹s \"Users\"› ‹c /* two›\n‹c lines */› ‹k LIMIT› ‹n 5›",
    ),
    (
        "sql",
        "‹k Index› Scan ‹k on› t (cost=‹n 0.56›..‹n 847293.84› ‹k rows›=‹n 84729384›)",
    ),
    (
        "yaml",
        "‹p alert›: PoolHigh ‹c # why›\n‹p expr›: active / max > ‹n 0.95›\n‹p for›: ‹n 1m›",
    ),
    (
        "yaml",
        "- ‹p app.io/name›: it's up\n  ‹p \"a b\"›: ‹t null›\n  ‹p at›: ‹n 2026-03-06T08:44:00Z›",
    ),
    (
        "yaml",
        "‹p image›: nginx:‹n 1.25›\n‹p url›: http://x#y\n<<: ‹t *base›\n‹p on›: [‹t true›, ‹s 'x'›]",
    ),
    (
        "json",
        "{‹p \"a\"›: [-‹n 1.5e-3›, ‹s \"b\\\"\"›], ‹p \"c\"› : ‹t null›}",
    ),
    (
        "toml",
        "‹k [[a.b]]›\n‹p c-d› = ‹n 2026-03-06› ‹c # e›\n‹p f› = { ‹p g› = ‹s '\\'› }\n‹p h› = ‹s \"\"\"›\n‹s i\"\"\"›",
    ),
    (
        "ini",
        "‹k [main]›\n‹c ; note›\n‹p pool.size›=‹n 5›\n‹p cmd› = run --n=‹n 1›; it's ‹t off›",
    ),
    (
        "shell",
        "‹k export› ‹p A›=‹s 'b'›‹p $C›‹s \"d\"› ‹c # e›\n‹t kubectl› get pod ‹p -n› x ‹p --all› | ‹t wc›",
    ),
    ("shell", "‹t echo› ‹s \"$A›\n‹k if› [ $# ]"),
    (
        "promql",
        "‹t sum› ‹k by› (job) (‹t rate›(req:total{‹p code›=~‹s \"5..\"›,‹p a›!=‹s \"b\"›}[‹n 5m›])) == ‹n 1›",
    ),
    (
        "kql",
        "[‹s 'x'›] ‹c // all›\n| ‹k where› s >= ‹n 500› ‹k and› a != ‹s \"b\"›\n| ‹k summarize› ‹p n› = ‹t count›() ‹k by› ‹k bin›(t, ‹n 5m›)",
    ),
    (
        "hcl",
        "‹k resource› ‹s \"a\"› ‹s \"b\"› {\n  ‹p count› = ‹t var›.n == ‹n 1› ? ‹t true› : ‹t null› ‹c # c›\n}",
    ),
    (
        "dockerfile",
        "‹k FROM› a:‹n 1› ‹k AS› b\n‹k ENV› ‹p C›=‹p $D›\n‹k RUN› apk add \\\n  curl ‹c # e›",
    ),
    (
        "nginx",
        "‹k server› {\n  ‹k listen› ‹n 0.0.0.0:80›;\n  ‹k return› ‹n 301› ‹p $host›;\n}",
    ),
    (
        "makefile",
        "‹p .PHONY›: a\n‹p a›: b ‹c # c›\n\tcp ‹p $(SRC)› d\n‹p CC› ?= gcc",
    ),
    (
        "diff",
        "‹k --- a/x.sql›\n‹k @@ -1 +1 @@›\n keep + 1\n‹d --- old›\n‹i ++x›",
    ),
    (
        "http",
        "‹k GET› /a ‹k HTTP›/‹n 1.1›\n‹p Retry-After›: ‹n 120›\n\nit's",
    ),
    (
        "html",
        "‹c <!-- 1 -->›‹k <a› ‹p href›=‹s \"b\"›>it's 1 < 2‹k </a›>",
    ),
    (
        "css",
        "‹t .a›:hover { ‹p color›: ‹t #fff›; ‹p margin›: ‹n 1.5em› } ‹k @media› x",
    ),
    (
        "graphql",
        "‹k query› a(‹p $id›: ‹t Int›!) { b(‹p c›: ‹s \"d\"›) ‹t @skip› }",
    ),
    (
        "protobuf",
        "‹k message› ‹t Job› { ‹k repeated› ‹t string› a = ‹n 1›; } ‹c // b›",
    ),
    (
        "rust",
        "‹t #[test]›\n‹k fn› f<‹t 'a›>(x: &‹t 'a› ‹t str›) { g(‹s '\\''›, ‹s 'é'›, ‹s '€'›, ‹s '🦀'›, MAX, ‹s r#\"\"\"#›, ‹n 0›..‹n 9›) }",
    ),
    (
        "go",
        "‹k if› err != ‹t nil› { f(‹s \"a\\n\"›, ‹s 'b'›, ‹s `c›\n‹s d`›) } ‹c // e›",
    ),
    (
        "python",
        "‹t @a›\n‹k def› f(x: ‹t int›) -> ‹t None›:\n  ‹s \"\"\"it's›\n‹s   doc\"\"\"› ‹c # c›",
    ),
    (
        "javascript",
        "‹k const› a = { ‹p b›: ‹s `c ${d}`›, ‹p e›: ‹n 0x1F› } ‹c // f›",
    ),
    (
        "java",
        "‹t @Override› ‹k public› ‹t String› a() { ‹k return› ‹s \"b\"›; }",
    ),
    ("kotlin", "‹k val› a: ‹t Int›? = ‹t null› ‹c /* b */›"),
    (
        "csharp",
        "‹k #region› x\n‹k var› p = ‹s @\"C:\\\"›; ‹k await› f();",
    ),
    ("c", "‹k #include› <a.h>\n‹t int› a = ‹n 0xFFu›; ‹c /* b›"),
    (
        "cpp",
        "‹k constexpr› ‹t auto› a = ‹n 1'000'000›; ‹s R\"(b\")\"›",
    ),
    (
        "ruby",
        "‹k def› a?(‹p b›: ‹t :c›)\n  ‹p @d› = ‹t Foo›::‹t :Bar› ‹c # e›\n‹k end›",
    ),
    ("php", "‹k <?php› ‹k echo› ‹p $a› . ‹s 'b'›; ‹c # c›"),
    (
        "swift",
        "‹k guard› ‹k let› a ‹k else› { ‹k throw› ‹t Fault› } ‹c // b›",
    ),
    (
        "scala",
        "‹k val› a: ‹t List›[‹t Int›] = ‹s \"\"\"b›\n‹s \"\"\"›",
    ),
    (
        "elixir",
        "‹k def› a(b), ‹p do›: {‹t :ok›, ‹t Map›.get(b, ‹s \"c\"›)} ‹c # d›",
    ),
    (
        "lua",
        "‹k local› a = ‹s [[b›\n‹s c]]› ‹c --[[ d›\n‹c ]]›‹c -- e›",
    ),
    ("json", "‹c /* a */›: ‹s \"b\\›\n‹p \"c\"›: ‹c // d›"),
    ("text", "SELECT 1 -- it's 'so'"),
    ("unknown", "SELECT 1 -- it's 'so'"),
    ("", "let a = \"<&>\";"),
];

fn html_of(language: &str, code: &str) -> String {
    let mut html = String::new();
    highlight(code, language, &mut html);
    html
}

fn unescaped(html: &str) -> String {
    (html.replace("&lt;", "<").replace("&gt;", ">"))
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

fn names() -> impl Iterator<Item = &'static str> {
    LANGUAGES
        .iter()
        .flat_map(|language| language.names.iter().map(String::as_str))
}

fn canonical_names() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().map(|language| language.names[0].as_str())
}

#[test]
fn every_example_is_marked_as_written() {
    let mut wrong = Vec::new();
    for (language, example) in EXAMPLES {
        let mut code = String::from(*example);
        for class in ["c", "s", "n", "k", "t", "p", "i", "d"] {
            code = code.replace(&format!("‹{class} "), "");
        }
        let html = html_of(language, &code.replace('›', ""));
        let html = html.replace("<span class=\"hl-", "‹").replace("\">", " ");
        let marked = unescaped(&html.replace("</span>", "›"));
        if marked != *example {
            wrong.push(format!(
                "{language}\nwritten {example:?}\nmarked  {marked:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_language_has_an_example() {
    for name in canonical_names() {
        let known_by_example = |(language, _): &(&str, &str)| known(language) == Some(name);
        assert!(EXAMPLES.iter().any(known_by_example), "{name}");
    }
}

#[test]
fn a_name_or_alias_is_known_in_any_case() {
    let cases = [
        ("YML", Some("yaml")),
        ("Bash", Some("shell")),
        ("console", Some("shell")),
        ("py", Some("python")),
        ("PostgreSQL", Some("sql")),
        ("mysql", Some("sql")),
        ("spl", Some("logs")),
        ("log", Some("text")),
        ("c++", Some("cpp")),
        ("tsx", Some("javascript")),
        ("", None),
        ("sql ", None),
        ("sql\" onload=\"x", None),
    ];
    for (alias, name) in cases {
        assert_eq!(known(alias), name, "{alias}");
    }
}

#[test]
fn every_name_occurs_once_and_is_one_lowercase_word() {
    let mut seen = std::collections::BTreeSet::new();
    for name in names() {
        assert!(seen.insert(name), "{name} occurs twice");
        assert_eq!(name, name.to_ascii_lowercase());
    }
    for name in canonical_names() {
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase()), "{name}");
    }
}

#[test]
fn the_table_parses_and_its_words_are_in_the_case_they_are_looked_up_in() {
    if let Err(error) = parse(include_str!("languages.toml")) {
        panic!("{error}");
    }
    for language in LANGUAGES.iter().filter(|language| language.ignores_case) {
        for word in language.keywords.iter().chain(&language.constants) {
            assert_eq!(*word, word.to_ascii_lowercase(), "{:?}", language.names);
        }
    }
}

#[test]
fn every_mark_takes_at_least_one_byte_so_that_the_lexer_moves_on() {
    for language in LANGUAGES.iter() {
        for mark in &language.marks {
            let moves = !mark.open.is_empty() || mark.end == End::Word;
            assert!(moves, "{:?}", language.names);
            assert_ne!(mark.close.as_deref(), Some(""), "{:?}", language.names);
        }
    }
}

/// A lexer whose work grows with the square of the text would take minutes here.
#[test]
fn openings_that_are_never_closed_cost_linear_time() {
    let pieces = [
        "\"", "'", "/*", "'\\", "\\", "a ", " ", "1e", "#", "<", "[[", "é", "-", "= ",
    ];
    for piece in pieces {
        let code = piece.repeat(20_000 / piece.len());
        for name in canonical_names() {
            assert!(html_of(name, &code).len() >= code.len());
        }
    }
}

/// Checks the laws of any block: nothing is lost, and spans are flat, closed and within a line.
fn check_laws(language: &str, code: &str) {
    let html = html_of(language, code);
    let mut text = String::new();
    let mut inside = false;
    for (number, part) in html.split('<').enumerate() {
        let (tag, shown) = match number {
            0 => ("", part),
            _ => part.split_once('>').expect("a tag is closed"),
        };
        let tag_opens = tag.starts_with("span class=\"hl-") && tag.len() == 16 + 1;
        assert!(number == 0 || tag == if inside { "/span" } else { tag });
        assert!(number == 0 || inside || tag_opens, "{language}: {html}");
        inside = number > 0 && !inside;
        assert!(
            !inside || !shown.is_empty() && !shown.contains(['\n', '\r']),
            "{language}: {html}"
        );
        assert!(!shown.contains(['>', '"']), "{language}: {html}");
        text.push_str(shown);
    }
    assert!(!inside, "{language}: {html}");
    assert_eq!(unescaped(&text), code, "{language}");
}

/// The parts that the lexer reacts to, so that random texts reach its edge cases.
fn fragments() -> impl Strategy<Value = String> {
    let mut pieces = vec![
        "\n", "\r\n", "\r", " ", "\t", "a", "É", "\u{2028}", "🦀", "\\", "0", "1e+", "0x",
        "select", "SELECT", "true", "Type", ":", "=", "!=", "==", ": ", ",", "(", "}", "&lt;",
        "<span>", "\0", "'", "\"", "`", "end",
    ];
    for language in LANGUAGES.iter() {
        for mark in &language.marks {
            pieces.push(&mark.open);
            pieces.extend(mark.close.as_deref());
        }
    }
    prop::collection::vec(select(pieces), 0..40).prop_map(|pieces| pieces.concat())
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 128,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_260_306),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_text_is_complete_between_flat_spans(code in any::<String>()) {
        for name in canonical_names().chain(["unknown"]) {
            check_laws(name, &code);
        }
    }

    #[test]
    fn any_mix_of_marks_is_complete_between_flat_spans(code in fragments()) {
        for name in canonical_names().chain(["unknown"]) {
            check_laws(name, &code);
        }
    }

    #[test]
    fn line_ends_of_either_kind_are_marked_alike(code in fragments()) {
        let unix = code.replace('\r', "");
        let windows = unix.replace('\n', "\r\n");
        for name in canonical_names() {
            prop_assert_eq!(html_of(name, &windows).replace('\r', ""), html_of(name, &unix));
        }
    }
}
