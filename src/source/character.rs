//! Invisible characters, and characters that look like one of the syntax.
//!
//! Word processors, chats, web pages and input methods write them instead of the
//! ASCII ones. TOML and JSON accept none of them outside strings.

/// Returns `true` if a character is invisible; tabs and line ends are not.
pub fn is_hidden(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}' => true,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{fff9}'..='\u{fffb}' | '\u{fdd0}'..='\u{fdef}' => true,
        '\u{e0000}'..='\u{e0fff}' => true,
        other => other.is_control() || u32::from(other) & 0xfffe == 0xfffe,
    }
}

/// Returns `true` if a character belongs to a script without spaces between words.
///
/// In such a script, two characters can be a full name.
#[must_use]
pub fn is_unspaced_script(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The meaning of a character that looks like an ASCII one or is invisible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lookalike {
    /// A blank or a line break.
    Blank(char),
    /// An invisible character.
    Hidden,
    /// A quote around a string.
    Quote,
    /// Another ASCII character: a dash, a digit, a bracket.
    Sign(char),
}

/// Returns what a character looks like, or `None` if it is ASCII or has no ASCII lookalike.
pub(super) fn lookalike(character: char) -> Option<Lookalike> {
    let code = u32::from(character);
    Some(match character {
        '\t' | '\n' | '\r' | ' '..='~' => return None,
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            Lookalike::Blank(' ')
        }
        '\u{85}' | '\u{2028}' | '\u{2029}' => Lookalike::Blank('\n'),
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '‶' | '＂' => Lookalike::Quote,
        '‘' | '’' | '‚' | '‛' | '‹' | '›' | '′' | '‵' | '＇' | '´' => {
            Lookalike::Quote
        }
        '〝' | '〞' | '「' | '」' | '『' | '』' => Lookalike::Quote,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => Lookalike::Sign('-'),
        '\u{ff01}'..='\u{ff5e}' => Lookalike::Sign(char::from_u32(code - 0xfee0)?),
        '、' | '\u{fe50}' => Lookalike::Sign(','),
        '。' => Lookalike::Sign('.'),
        '\u{2236}' | '\u{a789}' | '\u{fe55}' => Lookalike::Sign(':'),
        '【' => Lookalike::Sign('['),
        '】' => Lookalike::Sign(']'),
        other if is_hidden(other) => Lookalike::Hidden,
        other => Lookalike::Sign(digit(other)?),
    })
}

/// Returns the ASCII digit of a decimal digit of another script.
fn digit(character: char) -> Option<char> {
    const ZEROS: [char; 6] = [
        '\u{660}',
        '\u{6f0}',
        '\u{966}',
        '\u{9e6}',
        '\u{e50}',
        '\u{1d7ce}',
    ];
    let value = |zero: &char| u32::from(character).checked_sub(u32::from(*zero));
    let value = ZEROS.iter().filter_map(value).find(|value| *value < 10)?;
    char::from_digit(value, 10)
}

/// Returns a text with its lookalikes replaced by ASCII, and without hidden characters.
pub fn ascii(text: &str) -> String {
    let seen = |character| match lookalike(character) {
        None => Some(character),
        Some(Lookalike::Hidden) => None,
        Some(Lookalike::Blank(blank)) => Some(blank),
        Some(Lookalike::Quote) => Some('"'),
        Some(Lookalike::Sign(sign)) => Some(sign),
    };
    text.chars().filter_map(seen).collect()
}

/// Describes a character with its code point, as in ``en dash `–` (U+2013)``.
pub fn described(character: char) -> String {
    let code = u32::from(character);
    let name = match character {
        '\u{a0}' => "no-break space",
        '\u{2007}' => "figure space",
        '\u{2009}' => "thin space",
        '\u{202f}' => "narrow no-break space",
        '\u{3000}' => "ideographic space",
        '\u{85}' | '\u{2028}' => "line separator",
        '\u{2029}' => "paragraph separator",
        '\u{ad}' => "soft hyphen",
        '\u{200b}' => "zero-width space",
        '\u{200c}' => "zero-width non-joiner",
        '\u{200d}' => "zero-width joiner",
        '\u{2060}' => "word joiner",
        '\u{feff}' => "byte order mark",
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            "direction mark"
        }
        '\u{2013}' => "en dash",
        '\u{2014}' => "em dash",
        '\u{2212}' => "minus sign",
        '\u{2010}'..='\u{2015}' => "dash",
        '“' | '”' | '„' | '‟' | '‘' | '’' | '‚' | '‛' => "curly quote",
        '«' | '»' | '‹' | '›' => "angle quote",
        '、' => "ideographic comma",
        '\u{ff01}'..='\u{ff5e}' => "full-width character",
        other if other.is_control() => "control character",
        other if is_hidden(other) => "invisible character",
        other if lookalike(other) == Some(Lookalike::Blank(' ')) => "wide or narrow space",
        _ => "character",
    };
    if is_hidden(character) || lookalike(character) == Some(Lookalike::Blank(' ')) {
        format!("{name} (U+{code:04X})")
    } else {
        format!("{name} `{character}` (U+{code:04X})")
    }
}
