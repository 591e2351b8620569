//! What holds of every value, whatever is in it.

use crate::markdown_reading::{EVERYTHING, config, events, hostile, plain_with_code, visible};
use afterword::render::link;
use afterword::render::markdown::{
    Paragraph, cell, destination, fence, heading, item, label, line, opens_with_text, prose, text,
};
use proptest::prelude::*;
use pulldown_cmark::{CowStr, Event, LinkType, Parser, Tag, TagEnd};

/// Says whether all of `wanted` is in `seen`, in its order.
fn keeps(seen: &str, wanted: &str) -> bool {
    let mut seen = seen.chars();
    wanted.chars().all(|wanted| seen.any(|c| c == wanted))
}

/// Gives the elements that `markdown` makes, without their words.
fn marks(markdown: &str) -> Vec<Event<'_>> {
    let mark = |event: &Event<'_>| !matches!(event, Event::Text(_));
    events(markdown).into_iter().filter(mark).collect()
}

/// Says whether something is struck out by single tildes, which are escaped.
fn has_single_strike(markdown: &str) -> bool {
    Parser::new_ext(markdown, EVERYTHING)
        .into_offset_iter()
        .any(|(event, range)| {
            matches!(event, Event::Start(Tag::Strikethrough)) && !markdown[range].starts_with("~~")
        })
}

/// Gives what is seen without the space in it, which parsers trim each in its way.
fn words(seen: &str) -> String {
    seen.split_whitespace().collect()
}

/// Gives what is seen behind the `x` that a line was put behind.
fn own(seen: &str) -> &str {
    seen.strip_prefix('x').unwrap_or(seen)
}

fn one_line(value: &str) -> String {
    value.replace("\r\n", " ").replace(['\n', '\r'], " ")
}

fn is_safe(event: &Event<'_>) -> bool {
    match event {
        Event::Html(_) | Event::InlineHtml(_) | Event::FootnoteReference(_) => false,
        Event::Start(Tag::HtmlBlock | Tag::FootnoteDefinition(_)) => false,
        Event::Start(Tag::Link {
            link_type: LinkType::Email,
            dest_url,
            ..
        }) => link::allowed(&format!("mailto:{dest_url}")),
        Event::Start(Tag::Link { dest_url, .. }) => link::allowed(dest_url),
        Event::Start(Tag::Image { dest_url, .. }) => link::is_relative(dest_url),
        _ => true,
    }
}

fn paragraph(words: &'static str) -> [Event<'static>; 3] {
    [
        Event::Start(Tag::Paragraph),
        Event::Text(CowStr::Borrowed(words)),
        Event::End(TagEnd::Paragraph),
    ]
}

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn text_shows_every_character_as_typed(value in hostile(14)) {
        let markdown = format!("**x** - {}", text(&value));
        let expected = format!("x - {}", plain_with_code(&one_line(&value)));
        let seen = visible(&markdown);
        prop_assert_eq!(seen.trim_end(), expected.trim_end(), "{}", markdown);
        let plain = events(&markdown).iter().all(|event| match event {
            Event::Start(tag) => matches!(tag, Tag::Paragraph | Tag::Strong),
            Event::End(_) | Event::Text(_) | Event::Code(_) => true,
            _ => false,
        });
        prop_assert!(plain, "{}", markdown);
    }

    #[test]
    fn texts_in_one_paragraph_do_not_touch_each_other(first in hostile(8), second in hostile(8)) {
        let mut paragraph = Paragraph::default();
        let markdown = format!("**x** - {}\n**y** - {}", paragraph.text(&first), paragraph.text(&second));
        let first = plain_with_code(&one_line(&first));
        let second = plain_with_code(&one_line(&second));
        let expected = format!("x - {}\ny - {}", first.trim_end(), second);
        let seen = visible(&markdown);
        prop_assert_eq!(words(&seen), words(&expected), "{}", markdown);
    }

    #[test]
    fn lines_in_one_paragraph_do_not_touch_each_other(first in hostile(8), second in hostile(8)) {
        let mut paragraph = Paragraph::default();
        let (first, second) = (paragraph.line(&first), paragraph.line(&second));
        let markdown = format!("**x**: {first}\n**y**: {second}");
        let alone = |value: &str| visible(&format!("x: {value}")).trim_end().to_owned();
        let expected = format!("{}\n{}", alone(&first), alone(&second).replacen('x', "y", 1));
        let seen = visible(&markdown);
        prop_assert_eq!(words(&seen), words(&expected), "{}", markdown);
    }

    #[test]
    fn line_is_safe_and_loses_no_word(value in hostile(14)) {
        let typed = format!("x {}", one_line(&value));
        let markdown = format!("x {}", line(&value));
        let events = events(&markdown);
        prop_assert!(events.iter().all(is_safe), "{}", markdown);
        prop_assert!(matches!(events[..], [Event::Start(Tag::Paragraph), .., Event::End(TagEnd::Paragraph)]));
        // Where a bracket is escaped, its partner may find another one.
        let typed = visible(&typed).replace('[', "");
        prop_assert!(keeps(&visible(&markdown), &typed), "{}", markdown);
        prop_assert_eq!(line(&markdown), &markdown[..]);
    }

    #[test]
    fn line_keeps_the_markup_that_is_safe(value in hostile(10)) {
        let typed = format!("x {}", one_line(&value));
        prop_assume!(events(&typed).iter().all(is_safe) && !has_single_strike(&typed));
        let markdown = format!("x {}", line(&value));
        prop_assert_eq!(marks(&markdown), marks(&typed), "{}", markdown);
    }

    #[test]
    fn prose_without_dangers_stays_as_typed(value in hostile(10)) {
        let typed = value.replace("\r\n", "\n").replace('\r', "\n");
        let refers = |event: &Event<'_>| matches!(
            event,
            Event::Start(
                Tag::Heading { .. }
                    | Tag::Link { link_type: LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut, .. }
                    | Tag::Image { link_type: LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut, .. }
            )
        );
        let events = events(&typed);
        prop_assume!(events.iter().all(|event| is_safe(event) && !refers(event)));
        prop_assume!(!typed.contains("]:") && !has_single_strike(&typed));
        prop_assume!(!typed.contains("~~~") && !typed.contains("```"));
        prop_assert!(typed.contains(&*prose(&value, 2)), "{:?}", prose(&value, 2));
    }

    #[test]
    fn heading_is_one_heading_with_all_its_words(value in hostile(10)) {
        let markdown = format!("### {}\nnext", heading(&value));
        let alone = visible(&format!("x {}", line(value.trim())));
        let events = events(&markdown);
        prop_assert!(events.ends_with(&paragraph("next")), "{}", markdown);
        let expected = own(&alone).trim().to_owned() + "next";
        let seen = visible(&markdown);
        prop_assert_eq!(words(&seen), words(&expected), "{}", markdown);
    }

    #[test]
    fn a_link_made_of_label_and_destination_is_one_link(value in hostile(10), target in hostile(6)) {
        let target = format!("/{target}");
        let markdown = format!("**x**: [{}]({})", label(&value), destination(&target));
        let links = events(&markdown).iter().filter(|event| matches!(event, Event::Start(Tag::Link { .. }))).count();
        prop_assert_eq!(links, 1, "{}", markdown);
        let seen = visible(&markdown);
        prop_assert_eq!(seen.strip_prefix("x: "), Some(&one_line(&value)[..]), "{}", markdown);
    }

    #[test]
    fn every_escape_of_a_destination_is_needed(target in hostile(6)) {
        let target = format!("/{target}").replace(['\\', '\r', '\n'], "");
        let written = destination(&target);
        // A tag or code may also start before the link and end in it.
        let links = |destination: &str| {
            ["[x]({})", "`[x]({})`", "[x]({})`", "<b [x]({})>", "[x]({}) <b>"]
                .map(|around| format!("{:?}", events(&around.replace("{}", destination))))
        };
        let reading = links(&written);
        for (at, _) in written.match_indices('\\') {
            let without = [&written[..at], &written[at + 1..]].concat();
            prop_assert_ne!(&links(&without), &reading, "{} for {}", written, target);
        }
    }

    #[test]
    fn a_written_link_gets_no_more_escapes(target in hostile(6)) {
        let target = format!("/{target}").replace('|', "");
        let written = format!("[x]({})", destination(&target));
        if link::allowed(&target) {
            prop_assert_eq!(&*line(&written), &written);
            prop_assert_eq!(&*item(&written, 3), &written);
            prop_assert_eq!(&*cell(&written), &written);
            prop_assert_eq!(&*prose(&written, 2), &written);
            let referred = format!("[x][r]\n\n[r]: {}", destination(&target));
            prop_assert_eq!(&*prose(&referred, 2), &written);
        }
    }

    #[test]
    fn cell_stays_in_its_column(value in hostile(12)) {
        let (inside, alone) = (cell(&value), line(value.trim()));
        let markdown = format!("| one | two | three |\n|---|---|---|\n| 1 | {inside} | 3 |\n\nend");
        let events = events(&markdown);
        let cells = events.iter().filter(|event| matches!(event, Event::Start(Tag::TableCell))).count();
        prop_assert_eq!(cells, 6, "{}", markdown);
        prop_assert!(events.iter().all(is_safe), "{}", markdown);
        let alone = visible(&format!("x {alone}"));
        let expected = format!("onetwothree1{}3end", own(&alone).trim());
        // An autolink with a pipe has no form in a table, and shows its brackets.
        let bare = |seen: &str| words(&seen.replace(['<', '>'], ""));
        prop_assert_eq!(bare(&visible(&markdown)), bare(&expected), "{}", markdown);
    }

    #[test]
    fn cell_stays_in_the_head_of_a_table(value in hostile(12)) {
        let markdown = format!("| one | {} | three |\n|---|---|---|\n| 1 | 2 | 3 |", cell(&value));
        let events = events(&markdown);
        let cells = events.iter().filter(|event| matches!(event, Event::Start(Tag::TableCell))).count();
        prop_assert_eq!(cells, 6, "{}", markdown);
    }

    #[test]
    fn prose_is_safe_and_ends_where_it_ends(value in hostile(24), under in 1_u8..=5) {
        let once = prose(&value, under);
        let markdown = format!("{once}\n\nSENTINEL-PARAGRAPH");
        let events = events(&markdown);
        prop_assert!(events.ends_with(&paragraph("SENTINEL-PARAGRAPH")), "{}", markdown);
        let mut depth = 0_i32;
        for event in &events[..events.len() - 3] {
            depth += i32::from(matches!(event, Event::Start(_))) - i32::from(matches!(event, Event::End(_)));
            prop_assert!(is_safe(event), "{:?} in {}", event, markdown);
            if let Event::Start(Tag::Heading { level, .. }) = event {
                prop_assert!(*level as u8 > under, "{}", markdown);
            }
        }
        prop_assert_eq!(depth, 0);
        prop_assert_eq!(prose(&once, under), &once[..]);
    }

    #[test]
    fn prose_defines_nothing_for_what_follows(value in hostile(24)) {
        let markdown = format!("{}\n\n[a] [^1] [1] [x]", prose(&value, 2));
        let shown = visible(&markdown);
        prop_assert!(shown.ends_with("[a] [^1] [1] [x]"), "{}", markdown);
    }

    #[test]
    fn prose_behind_a_label_is_read_as_it_is_alone(value in hostile(16)) {
        let prose = prose(&value, 2);
        prop_assume!(opens_with_text(&prose));
        let labelled = format!("**x**: {}", prose.trim_start_matches([' ', '\t']));
        prop_assert_eq!(visible(&labelled), format!("x: {}", visible(&prose)), "{}", labelled);
    }

    #[test]
    fn item_is_one_entry_of_its_list(value in hostile(14)) {
        for (mark, next, indent) in [("1. ", "2. ", 3), ("- ", "- ", 2)] {
            let markdown = format!("{mark}{}\n{next}SENTINEL", item(&value, indent));
            let events = events(&markdown);
            let mut depth = 0;
            let (mut lists, mut entries) = (0, 0);
            for event in &events {
                match event {
                    Event::Start(Tag::List(_)) => {
                        lists += i32::from(depth == 0);
                        depth += 1;
                    }
                    Event::End(TagEnd::List(_)) => depth -= 1,
                    Event::Start(Tag::Item) if depth == 1 => entries += 1,
                    Event::Start(_) => prop_assert!(depth > 0, "{}", markdown),
                    _ => {}
                }
                prop_assert!(is_safe(event), "{}", markdown);
            }
            prop_assert_eq!((lists, entries), (1, 2), "{}", markdown);
            prop_assert!(visible(&markdown).ends_with("SENTINEL"), "{}", markdown);
        }
    }

    #[test]
    fn item_of_one_line_holds_no_block(value in hostile(14)) {
        let value = one_line(&value);
        for mark in ["1. ", "- "] {
            let markdown = format!("{mark}{}", item(&value, mark.len()));
            let blocks = events(&markdown).iter().filter(|event| matches!(
                event,
                Event::Rule | Event::Start(
                    Tag::Heading { .. } | Tag::BlockQuote(_) | Tag::CodeBlock(_) | Tag::List(_) | Tag::Table(_)
                )
            )).count();
            prop_assert_eq!(blocks, 1, "{}", markdown);
            let alone = visible(&format!("x {}", line(value.trim())));
            let seen = visible(&markdown);
            if !seen.starts_with('\u{2610}') {
                prop_assert_eq!(words(&seen), words(own(&alone)), "{}", markdown);
            }
        }
    }

    #[test]
    fn fence_holds_exactly_the_code(value in hostile(16)) {
        let mut markdown = String::new();
        fence(&value, "sql", &mut markdown);
        let mut code = value.replace("\r\n", "\n").replace('\r', "\n");
        if !code.is_empty() && !code.ends_with('\n') {
            code.push('\n');
        }
        let found = events(&markdown);
        let starts = found.iter().filter(|event| matches!(event, Event::Start(_))).count();
        prop_assert_eq!(starts, 1, "{}", markdown);
        prop_assert!(matches!(found[0], Event::Start(Tag::CodeBlock(_))));
        prop_assert_eq!(visible(&markdown), code);
    }
}
