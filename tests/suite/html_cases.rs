//! What Markdown becomes on a page, case by case.

use afterword::render::html::{Heading, Page, anchor_headings, folded, fragment, inline};

const BLOCKS: &[(&str, &str)] = &[
    (
        "a *b* **c** `<d>` ~~e~~ & \"f\"",
        "<p>a <em>b</em> <strong>c</strong> <code>&lt;d&gt;</code> <del>e</del> &amp; \"f\"</p>\n",
    ),
    ("~5 to (~6) ~7~", "<p>~5 to (~6) ~7~</p>\n"),
    (
        "**~5** and ~*6*~ ~**7**~",
        "<p><strong>~5</strong> and ~<em>6</em>~ ~<strong>7</strong>~</p>\n",
    ),
    ("a  \nb\nc", "<p>a<br>\nb\nc</p>\n"),
    (
        "a\n\n---\n\n> b",
        "<p>a</p>\n<hr>\n<blockquote>\n<p>b</p>\n</blockquote>\n",
    ),
    (
        "- a\n- b\n  1. c",
        "<ul>\n<li>a</li>\n<li>b<ol>\n<li>c</li>\n</ol>\n</li>\n</ul>\n",
    ),
    (
        "3. a\n\n4. b",
        "<ol start=\"3\">\n<li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ol>\n",
    ),
    (
        "- [x] a\n- [ ] b",
        "<ul>\n<li>\u{2611} a</li>\n<li>\u{2610} b</li>\n</ul>\n",
    ),
    (
        "## Root Cause",
        "<h2 id=\"root-cause\"><a href=\"#root-cause\">Root Cause</a></h2>\n",
    ),
    (
        "### *A* `\"b\"`",
        "<h3 id=\"a-b\"><a href=\"#a-b\"><em>A</em> <code>\"b\"</code></a></h3>\n",
    ),
    ("# ", "<h1 id=\"section\"></h1>\n"),
    (
        "```sql\nselect 1 < 2;\n```",
        "<pre tabindex=\"0\" class=\"code\"><code class=\"language-sql\"><span class=\"hl-k\">select</span> <span class=\"hl-n\">1</span> &lt; <span class=\"hl-n\">2</span>;\n</code></pre>\n",
    ),
    (
        "```nosuch x\n\n<a>\n```",
        "<pre tabindex=\"0\" class=\"code\"><code>\n&lt;a&gt;\n</code></pre>\n",
    ),
    (
        "    a\n    b",
        "<pre tabindex=\"0\" class=\"code\"><code>a\nb</code></pre>\n",
    ),
    (
        "> [!WARNING]\n> **a**",
        "<div class=\"alert alert-warning\" role=\"note\"><p class=\"alert-title\">Warning</p>\n<p><strong>a</strong></p>\n</div>\n",
    ),
    (
        "> [!TIP]\n> > a",
        "<div class=\"alert alert-tip\" role=\"note\"><p class=\"alert-title\">Tip</p>\n<blockquote>\n<p>a</p>\n</blockquote>\n</div>\n",
    ),
    (
        "<div>\n*a*\n</div>\n\nb <i>c</i>",
        "<p>&lt;div&gt;\n*a*\n&lt;/div&gt;\n</p>\n<p>b &lt;i&gt;c&lt;/i&gt;</p>\n",
    ),
    (
        "| A | N | C |\n|:--|--:|:-:|\n| x | 1 | `a\\|b` |\n| y | 2s | |",
        "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"Table\"><table aria-label=\"Table\"><thead><tr>\
         <th scope=\"col\" class=\"left\">A</th><th scope=\"col\" class=\"num right\">N</th><th scope=\"col\" class=\"center\">C</th></tr></thead><tbody>\n\
         <tr><th scope=\"row\" class=\"left\">x</th><td data-label=\"N\" class=\"num right\">1</td><td data-label=\"C\" class=\"center\"><code>a|b</code></td></tr>\n\
         <tr><th scope=\"row\" class=\"left\">y</th><td data-label=\"N\" class=\"num right\">2s</td><td data-label=\"C\" class=\"center\"></td></tr>\n\
         </tbody></table></div>\n",
    ),
    (
        "| *A* \"b\" | 2 |\n|---|---|",
        "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"Table\"><table aria-label=\"Table\"><thead><tr>\
         <th scope=\"col\"><em>A</em> \"b\"</th><th scope=\"col\">2</th></tr></thead></table></div>\n",
    ),
];

const INLINE: &[(&str, &str)] = &[
    ("", ""),
    (
        "plain words, 5 % (100 \u{2192} 150)",
        "plain words, 5 % (100 \u{2192} 150)",
    ),
    ("# a", "# a"),
    ("- a", "- a"),
    ("  a & b  ", "  a &amp; b"),
    ("*a* `b`", "<em>a</em> <code>b</code>"),
    ("x *y*", "x <em>y</em>"),
    ("&lt;a&gt; \\*", "&lt;a&gt; *"),
    ("a\n# b", "a # b"),
    (
        "[a](https://b.example/?c=1&d)",
        "<a href=\"https://b.example/?c=1&amp;d\" rel=\"noopener noreferrer\">a</a>",
    ),
    (
        "[a](b.html \"c \\\"d\")",
        "<a href=\"b.html\" title=\"c &quot;d\">a</a>",
    ),
    (
        "[a](INC-1.md) [b](INC-1.md#c)",
        "<a href=\"INC-1.html\">a</a> <a href=\"INC-1.html#c\">b</a>",
    ),
    (
        "[a](../b.md) [c](d/e.md)",
        "<a href=\"../b.md\">a</a> <a href=\"d/e.md\">c</a>",
    ),
    (
        "<a@b.example> <https://c.example>",
        "<a href=\"mailto:a@b.example\">a@b.example</a> <a href=\"https://c.example\" rel=\"noopener noreferrer\">https://c.example</a>",
    ),
    (
        "[*a*](javascript:b) <javascript:c>",
        "<em>a</em> javascript:c",
    ),
    (
        "![a *b*](c.png \"d\")",
        "<img src=\"c.png\" alt=\"a b\" title=\"d\" loading=\"lazy\">",
    ),
    (
        "![a](https://b.example/c.png)",
        "a (https://b.example/c.png)",
    ),
    (
        "[![a](b.png)](c.html)",
        "<a href=\"c.html\"><img src=\"b.png\" alt=\"a\" loading=\"lazy\"></a>",
    ),
    (
        "[a <https://b.example>](c.html)",
        "<a href=\"c.html\">a https://b.example</a>",
    ),
    ("<script>a</script>", "&lt;script&gt;a&lt;/script&gt;"),
];

fn blocks(markdown: &str, page: &mut Page) -> String {
    anchor_headings(&fragment(markdown), page)
}

#[test]
fn each_part_of_a_section_is_folded_behind_its_heading() {
    for (markdown, html) in [
        (
            "## A\n\nb\n\n### C\n\nd\n\n#### E\n\n### F",
            "<h2>A</h2>\n<p>b</p>\n<details>\n<summary><h3>C</h3></summary>\n<p>d</p>\n<h4>E</h4>\n</details>\n\
             <details>\n<summary><h3>F</h3></summary>\n</details>\n",
        ),
        ("## A\n\nb", "<h2>A</h2>\n<p>b</p>\n"),
        ("> ### A", "<blockquote>\n<h3>A</h3>\n</blockquote>\n"),
    ] {
        assert_eq!(folded(markdown), html, "{markdown}");
    }
}

#[test]
fn a_long_code_block_is_folded_unless_its_part_is() {
    let code = |lines: usize| format!("### A\n\n```\n{}```\n", "x\n".repeat(lines));
    let count = |html: String| html.matches("<details>").count();
    assert_eq!(count(fragment(&code(10))), 0);
    let long = fragment(&code(11));
    assert!(
        long.contains("<details>\n<summary data-added>11 lines</summary>\n<pre"),
        "{long}"
    );
    assert_eq!(count(folded(&code(11))), 1);
}

#[test]
fn blocks_become_the_elements_of_a_page() {
    for (markdown, html) in BLOCKS {
        assert_eq!(blocks(markdown, &mut Page::default()), *html, "{markdown}");
    }
}

#[test]
fn a_line_becomes_words_without_a_block() {
    for (markdown, html) in INLINE {
        assert_eq!(inline(markdown), *html, "{markdown}");
    }
}

#[test]
fn the_sections_of_a_page_share_its_ids() {
    let mut page = Page::default();
    assert_eq!(page.reserve("main"), "main");
    let first = blocks(
        "## Notes\n\n| a |\n|---|\n| b |\n\n| a |\n|---|\n| b |",
        &mut page,
    );
    let second = blocks("## Notes\n\n| a |\n|---|\n| b |\n\n### Main", &mut page);
    assert!(first.contains("id=\"notes\"") && second.contains("id=\"notes-2\""));
    let labels = ["\"Notes\"", "\"Notes (2)\"", "\"Notes (3)\""];
    for (label, html) in labels.iter().zip([&first, &first, &second]) {
        assert_eq!(
            html.matches(&format!("<table aria-label={label}")).count(),
            1,
            "{html}"
        );
    }
    let heading = |level, id: &str, text: &str| Heading {
        level,
        id: id.to_owned(),
        text: text.to_owned(),
    };
    let expected = [
        heading(2, "notes", "Notes"),
        heading(2, "notes-2", "Notes"),
        heading(3, "main-2", "Main"),
    ];
    assert_eq!(page.headings(), expected);
}

#[test]
fn deep_nests_are_written_without_recursion() {
    for piece in [
        "> ",
        "- ",
        "1. ",
        "[",
        "![",
        "*a **b ",
        "~~a ",
        "> [!NOTE]\n> ",
    ] {
        let html = blocks(&piece.repeat(3000), &mut Page::default());
        assert!(!html.is_empty());
        let html = inline(&piece.repeat(3000));
        assert!(!html.is_empty());
    }
}
