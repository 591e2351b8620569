//! What each kind of value gives, case by case.

use afterword::render::markdown::{
    Paragraph, cell, destination, fence, heading, item, label, line, opens_with_text, prose, text,
};
use std::borrow::Cow;

/// Values that are no markup in any kind, though some look like it.
const AS_TYPED: &[&str] = &[
    "",
    "Alert fired: \"Database connection pool utilization > 95%\"",
    "Deployment `v3.4.7` by snake_case_user of pg_stat_activity",
    "Identified root cause in < 4 minutes, delivery is <10ms, a <- b, x <= y, I <3 it",
    "SELECT count(*) FROM t",
    "SELECT 2 * 3 AS six, a & b, AT&T, x && y",
    "Minimal (~$150 in SLA credits), ~1,247 users",
    "Pool size 100 \u{2192} 150 connections \u{2705}",
    "[Link to recording]",
    "INC-1 [x] and [1] and [^1] and a[i][j]",
    "#incident-2025-0023",
    "https://example.com/some_path?a=1&b=2#part",
    "Missing index on `(user_id, timestamp)` and ``a`b``",
    "CPU ~80% (normal: < 10), +1, -1, 5. of 7) C# F#",
    "C:\\Users\\Public, \\d+ and \\w",
    "{{ 7919*7907 }} {% include %} {{ get_env(name=\"X\") }} ${x} $5 and $6",
    "Caf\u{e9} \u{2014} na\u{ef}ve, \u{65e5}\u{672c}\u{8a9e}!",
    "a ! b [c] ! :warning: @someone #123",
];

const TEXT: &[(&str, &str)] = &[
    (
        "*a* **b** _c_ __d__",
        "\\*a\\* \\*\\*b\\*\\* \\_c\\_ \\_\\_d\\_\\_",
    ),
    ("count(*) * 2", "count(\\*) * 2"),
    ("~~gone~~ ~5~", "\\~\\~gone\\~\\~ ~5\\~"),
    ("[a](b) ![c](d) [e] (f)", "[a\\](b) ![c\\](d) [e] (f)"),
    ("<b>x</b> <!-- y --> <?z", "\\<b>x\\</b> \\<!-- y --> \\<?z"),
    (
        "<http://a.example> <1@a.example>",
        "\\<http://a.example> \\<1@a.example>",
    ),
    ("&lt; &#60; &#x3C; &;", "\\&lt; \\&#60; \\&#x3C; &;"),
    ("\\* \\` \\\\ \\", "\\\\\\* \\\\\\` \\\\\\ \\\\"),
    ("`a *b* <c>` *", "`a *b* <c>` \\*"),
    ("``a` b", "\\`\\`a\\` b"),
    ("`` a ` b ``", "`` a ` b ``"),
    ("a\nb\r\nc\rd", "a b c d"),
    ("{{ 2*3*4 }}", "{{ 2\\*3\\*4 }}"),
    ("5* *args", "5\\* \\*args"),
    ("*", "\\*"),
];

const LINE: &[(&str, &str)] = &[
    ("*a* **b** _c_ ~~d~~ `e`", "*a* **b** _c_ ~~d~~ `e`"),
    (
        "[a](https://b.example \"c\") <https://d.example>",
        "[a](https://b.example \"c\") <https://d.example>",
    ),
    (
        "![a](b.png) [c](../d.json) [e](INC-1.md#f)",
        "![a](b.png) [c](../d.json) [e](INC-1.md#f)",
    ),
    ("\\*a\\* &lt; \\[b](c)", "\\*a\\* &lt; \\[b\\](c)"),
    ("<b>x</b> *y*", "\\<b>x\\</b> *y*"),
    ("<a title=\"*&lt;*\">", "\\<a title=\"\\*\\&lt;\\*\">"),
    ("[*a*](javascript:b(1))", "[*a*\\](javascript:b(1))"),
    (
        "![a](https://b.example/c.png)",
        "[a](https://b.example/c.png)",
    ),
    (
        "[a [b](data:c) d](https://e.example)",
        "[a [b\\](data:c) d\\](https://e.example)",
    ),
    (
        "<javascript:a> <mailto:a@b.example?c>",
        "\\<javascript:a> \\<mailto:a@b.example?c>",
    ),
    ("*a **b* c", "\\*a \\**b* c"),
    (
        "unpaired * and ** and _x and `y",
        "unpaired * and ** and \\_x and \\`y",
    ),
    ("(~$150) to (~$200)", "(~$150) to (\\~$200)"),
    ("ends in \\", "ends in \\\\"),
    ("a\nb", "a b"),
];

const CELL: &[(&str, &str)] = &[
    ("a | b", "a \\| b"),
    ("a \\| b \\\\| c", "a \\| b \\\\\\| c"),
    ("`a|b`", "`a\\|b`"),
    ("`grep 'a\\|b'`", "`grep 'a\\`\\|`b'`"),
    ("`` `a|b ``", "`` `a\\|b ``"),
    ("`` a|b` ``", "`` a\\|b` ``"),
    ("  a\nb  ", "a b"),
    ("[a](b|c)", "[a](b\\|c)"),
    ("<https://a.example/b|c>", "\\<https://a.example/b\\|c>"),
    ("<b> | *c*", "\\<b> \\| *c*"),
];

const HEADING: &[(&str, &str)] = &[
    ("C#", "C#"),
    ("Ticket #", "Ticket \\#"),
    ("a ## ", "a \\## "),
    ("##", "\\##"),
    ("<b>", "\\<b>"),
];

const LABEL: &[(&str, &str)] = &[
    (
        "incident_timelines/INC-1.json",
        "incident_timelines/INC-1.json",
    ),
    ("a] [b](c)", "a\\] \\[b\\](c)"),
    ("`a`", "\\`a\\`"),
];

const DESTINATION: &[(&str, &str)] = &[
    ("https://a.example/b_c?d=1#e", "https://a.example/b_c?d=1#e"),
    (
        "https://h.example/d?from=1&to=2",
        "https://h.example/d?from=1&to=2",
    ),
    ("a b(c).md", "a%20b(c).md"),
    ("a)b(c.md", "a\\)b\\(c.md"),
    ("((((a))))", "\\(\\(\\(\\(a\\)\\)\\)\\)"),
    ("?a&lt;b", "?a\\&lt;b"),
    ("<a>b<9", "\\<a>b<9"),
    ("a|b`c", "a|b\\`c"),
];

/// Entries behind `1. `, so indented by three.
const ITEM: &[(&str, &str)] = &[
    ("# not a heading", "\\# not a heading"),
    ("> 95%", "\\> 95%"),
    ("- not an entry", "\\- not an entry"),
    ("+ nor this", "\\+ nor this"),
    ("2025. A year", "2025\\. A year"),
    ("1) first", "1\\) first"),
    ("1.5 times", "1.5 times"),
    ("---", "\\---"),
    ("--", "\\--"),
    ("***", "\\*\\*\\*"),
    ("* * *", "\\* * \\*"),
    ("~~~", "\\~\\~\\~"),
    ("```sql", "\\`\\`\\`sql"),
    ("    indented", "indented"),
    ("[a]: https://b.example", "\\[a]: https://b.example"),
    ("[^1]: note", "\\[^1]: note"),
    ("[INC-1]: see below", "[INC-1]: see below"),
    ("[x] done", "[x] done"),
    ("[x]", "\\[x]"),
    ("\\# escaped", "\\# escaped"),
    ("one line\n", "one line"),
    ("first\nsecond\n\nthird\n", "first\n   second\n\n   third"),
    ("    ***\ntext", "\n       ***\n   text"),
    (
        "Run:\n```sh\n\tls \n\nend\n```",
        "Run:\n   ```sh\n   \tls \n\n   end\n   ```",
    ),
    ("```\nunclosed", "```\n   unclosed\n   ```"),
    ("- a\n\t- b", "- a\n       - b"),
    ("---\nrule", "___\n   rule"),
    ("  - a\n  - b", "\n     - a\n     - b"),
    ("# a\n## b", "#### a\n   ##### b"),
];

/// Prose under a heading of level 2.
const PROSE: &[(&str, &str)] = &[
    ("plain\n", "plain"),
    ("\n\n  \na\r\nb\rc\n\n \n", "a\nb\nc"),
    ("# a\ntext\n## b", "### a\ntext\n#### b"),
    ("##### deep\n###### deeper", "### deep\n#### deeper"),
    (
        "# 1\n## 2\n### 3\n#### 4\n##### 5\n###### 6",
        "### 1\n#### 2\n##### 3\n###### 4\n###### 5\n###### 6",
    ),
    ("#hashtag\n####### seven", "#hashtag\n####### seven"),
    ("Title\n=====\n\nPart\n---", "### Title\n\n#### Part"),
    ("#one\ntwo #\n===", "### #one two \\#"),
    (
        "> quoted\n> title\\\n> end\n> ---",
        "> ### quoted title end",
    ),
    (
        "<div>\n*a*\n\n    b\n</div>",
        "\\<div>\n\\*a\\*\n\n    b\n\\</div>",
    ),
    ("<!--\n# a\n- b\n=\n-->", "\\<!--\n\\# a\n\\- b\n\\=\n-->"),
    ("a <b>c</b>", "a \\<b>c\\</b>"),
    (
        "[a](https://b.example) ![c](d.png)",
        "[a](https://b.example) ![c](d.png)",
    ),
    (
        "[a](javascript:b) ![c](//d.example/e.png)",
        "[a\\](javascript:b) ![c\\](//d.example/e.png)",
    ),
    (
        "[a] and [b][a] and [c][]\n\n[a]: /x \"t\"\n[c]: <y z>",
        "[a](/x \"t\") and [b](/x \"t\") and [c](y%20z)",
    ),
    ("[a]\n\n[a]: javascript:x\n", "[a]\n\n\\[a]: javascript:x"),
    (
        "![a]\n\n[a]: https://b.example/c.png",
        "[a](https://b.example/c.png)",
    ),
    (
        "x\n\n[//]: # (note)\n[//]: # (note)",
        "x\n\n\\[//]: # (note)\n\\[//]: # (note)",
    ),
    ("a[^1]\n\n[^1]: note", "a[^1]\n\n\\[^1]: note"),
    ("```sql\nselect 1;  \n", "```sql\nselect 1;  \n```"),
    ("```\na\n    ```", "```\na\n    ```\n```"),
    (
        "[a]\n\n[a]: /b|c 'd \"e\" &lt; \\\\ |'",
        "[a](/b\\|c \"d \\\"e\\\" \\< \\\\ \\|\")",
    ),
    ("[a]\n\n[a]: /b '&amp;lt;'", "[a](/b \"\\&lt;\")"),
    ("~~~~\n~~~\n<b>", "~~~~\n~~~\n<b>\n~~~~"),
    (
        "```\n<b> [a](javascript:b)\n```",
        "```\n<b> [a](javascript:b)\n```",
    ),
    (
        "- a\n  - b\n\n> [!NOTE]\n> c",
        "- a\n  - b\n\n> [!NOTE]\n> c",
    ),
    (
        "| a | b |\n|---|---|\n| <i> | ~1 to ~2 |",
        "| a | b |\n|---|---|\n| \\<i> | ~1 to ~2 |",
    ),
    ("hard  \nbreak\\\nhere", "hard  \nbreak\\\nhere"),
    ("*un*paired **", "*un*paired **"),
    ("{{ x }} {% y %}", "{{ x }} {% y %}"),
];

#[test]
fn what_is_no_markup_stays_as_typed() {
    for value in AS_TYPED {
        let kinds = [
            text(value),
            line(value),
            cell(value),
            heading(value),
            item(value, 3),
            prose(value, 2),
        ];
        for given in kinds {
            assert_eq!(given, *value);
            assert!(matches!(given, Cow::Borrowed(_)), "{value}");
        }
    }
}

#[test]
fn each_kind_escapes_what_it_must() {
    check("text", TEXT, text);
    check("line", LINE, line);
    check("cell", CELL, cell);
    check("heading", HEADING, heading);
    check("label", LABEL, label);
    check("destination", DESTINATION, destination);
    check("item", ITEM, |value| item(value, 3));
    check("prose", PROSE, |value| prose(value, 2));
}

fn check(kind: &str, cases: &[(&str, &str)], give: fn(&str) -> Cow<'_, str>) {
    let wrong: Vec<_> = cases
        .iter()
        .map(|(value, expected)| (value, give(value), expected))
        .filter(|(_, given, expected)| given != *expected)
        .collect();
    assert!(wrong.is_empty(), "{kind} gives {wrong:#?}");
}

#[test]
fn a_second_asterisk_in_a_paragraph_makes_no_pair() {
    let mut paragraph = Paragraph::default();
    let cases = [
        ("plain", "plain"),
        ("7919*7907", "7919*7907"),
        ("7919*7907", "7919\\*7907"),
        ("count(*)", "count(\\*)"),
    ];
    for (value, expected) in cases {
        assert_eq!(paragraph.text(value), expected);
    }
    assert_eq!(paragraph.line("*a* 2*3"), "*a* 2\\*3");
    assert_eq!(paragraph.line("*a* b*c*d"), "\\*a\\* b\\*c\\*d");
    assert_eq!(Paragraph::default().line("*a* b*c*d"), "*a* b*c*d");
    assert_eq!(Paragraph::default().line("\\~~~"), "\\~\\~\\~");
}

#[test]
fn fences_are_longer_than_those_inside() {
    let cases = [
        ("select 1;\n", "sql", "```sql\nselect 1;\n```"),
        ("a ", "", "```\na \n```"),
        ("", "", "```\n```"),
        ("\n\n", "", "```\n\n\n```"),
        ("```\nx\n  ````\n", "", "`````\n```\nx\n  ````\n`````"),
        ("a ``` b", "", "```\na ``` b\n```"),
        ("a\r\nb\rc", "", "```\na\nb\nc\n```"),
    ];
    for (code, language, expected) in cases {
        let mut out = String::new();
        fence(code, language, &mut out);
        assert_eq!(out, expected);
    }
}

#[test]
fn only_words_can_stand_behind_a_label() {
    for words in ["plain", "*a*\n\n- b", "`code`", "\\# c"] {
        assert!(opens_with_text(words), "{words}");
    }
    for block in [
        "- a",
        "1. a",
        "```\na\n```",
        "> a",
        "### a",
        "| a |\n|---|",
        "    a",
        "---",
        "",
        "|\n- |",
    ] {
        assert!(!opens_with_text(block), "{block}");
    }
}

#[test]
fn long_runs_and_deep_nests_are_taken_in() {
    let pieces = [
        "*",
        "_",
        "~",
        "`",
        "`a",
        "[",
        "]",
        "](",
        "![",
        "<",
        "<a ",
        "<!--",
        "&",
        "\\",
        "> ",
        "- ",
        "1. ",
        "#",
        "|",
        "[a](",
        "[a]: b\n",
        "<b>",
        "*a **b ",
        "a\n===\n",
        "<div>\n\n",
        "~~a ~b",
    ];
    for piece in pieces {
        let value = piece.repeat(2000);
        for give in [text, line, cell, heading, label] {
            assert!(give(&value).len() >= value.trim().replace('\n', "").len() / 2);
        }
        assert!(!prose(&value, 2).is_empty());
        assert!(!item(&value, 3).is_empty());
    }
}
