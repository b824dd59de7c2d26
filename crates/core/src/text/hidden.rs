//! Signs that cannot be seen, or that turn the letters around them.

use std::str::Chars;

use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;
use icu_properties::props::{
    DefaultIgnorableCodePoint, ExtendedPictographic, GeneralCategory, Ideographic,
    IndicSyllabicCategory,
};
use icu_properties::{CodePointMapData, CodePointSetData};

const NON_JOINER: char = '\u{200c}';
const JOINER: char = '\u{200d}';
const BLACK_FLAG: char = '\u{1f3f4}';
const END_OF_TAGS: char = '\u{e007f}';
/// Most letters that name the region of a flag, like `gbeng`.
const REGION: usize = 6;
/// The combining class of a sign that takes the vowel of a letter away.
const VIRAMA: u8 = 9;

/// Control and format characters, separators of lines, fillers and selectors. U+2800 and U+FFFC are drawn as nothing too.
pub fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    matches!(
        category(c),
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
    ) || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
        || matches!(c, '\u{2800}' | '\u{fffc}')
}

/// The text without them, also where they may stand.
pub fn without_hidden(text: &str) -> String {
    text.chars().filter(|c| !is_hidden(*c)).collect()
}

/// The first one that hides where it stands: it is no joiner between letters, and selects no form of the sign before it.
pub fn first_hidden(text: &str) -> Option<char> {
    let mut before = None;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if is_hidden(c) && !may_stand(before, c, rest.clone().next()) {
            return Some(c);
        }
        if c == BLACK_FLAG {
            rest = without_region(rest);
        }
        before = Some(c);
    }
    None
}

/// What comes after the tags that make a black flag the one of a region.
fn without_region(rest: Chars<'_>) -> Chars<'_> {
    let is_tag = |c: &char| matches!(c, '\u{e0030}'..='\u{e0039}' | '\u{e0061}'..='\u{e007a}');
    let tags = rest.clone().take(REGION).take_while(is_tag).count();
    let mut after = rest.clone();
    match after.nth(tags) {
        Some(END_OF_TAGS) if tags > 0 => after,
        _ => rest,
    }
}

fn may_stand(before: Option<char>, c: char, after: Option<char>) -> bool {
    let (Some(before), after) = (before, after.unwrap_or(' ')) else {
        return false;
    };
    match c {
        NON_JOINER | JOINER => {
            let joins = |c| is_letter(c) || is_mark(c) || is_picture(c);
            let is_between =
                (joins(before) || is_emoji_part(before)) && (is_letter(after) || is_picture(after));
            is_between || is_virama(before) || shapes_syllable(before, after)
        }
        '\u{fe0e}' | '\u{fe0f}' => is_picture(before) || after == '\u{20e3}',
        '\u{fe00}'..='\u{fe0d}' | '\u{e0100}'..='\u{e01ef}' => {
            CodePointSetData::new::<Ideographic>().contains(before)
        }
        '\u{180b}'..='\u{180d}' | '\u{180f}' => ('\u{1820}'..='\u{18aa}').contains(&before),
        _ => false,
    }
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() && !is_hidden(c)
}

pub(super) fn is_mark(c: char) -> bool {
    matches!(
        category(c),
        GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark
    ) && !is_hidden(c)
}

fn is_virama(c: char) -> bool {
    CanonicalCombiningClassMapBorrowed::new().get_u8(c) == VIRAMA
}

/// Whether a joiner between the two chooses how a syllable is written: a letter of an Indic script, and a mark of one.
fn shapes_syllable(before: char, after: char) -> bool {
    let is_indic = |c| {
        let part = CodePointMapData::<IndicSyllabicCategory>::new().get(c);
        part != IndicSyllabicCategory::Other
    };
    is_letter(before) && is_mark(after) && is_indic(before) && is_indic(after)
}

fn is_picture(c: char) -> bool {
    !c.is_ascii() && CodePointSetData::new::<ExtendedPictographic>().contains(c)
}

/// A selector of the coloured form, or a skin tone.
fn is_emoji_part(c: char) -> bool {
    c == '\u{fe0f}' || ('\u{1f3fb}'..='\u{1f3ff}').contains(&c)
}

pub(super) fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}
