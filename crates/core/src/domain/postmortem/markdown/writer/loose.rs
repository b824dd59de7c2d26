//! Raw HTML among Markdown.

use std::fmt::Write;

use super::super::raw::{self, Piece, Tag};
use super::{MAX_LEVELS, Open, Writer};

impl Writer<'_> {
    /// Raw HTML inside a line.
    pub(super) fn inline(&mut self, html: &str) {
        for piece in raw::pieces(html) {
            match piece {
                Piece::Comment => {}
                Piece::Text(typed) => self.text(typed),
                Piece::Start(Tag::Br, _) => self.out.push_str("<br>"),
                Piece::Start(tag, typed) => match tag.is_inline() && self.levels < MAX_LEVELS {
                    true => self.open_raw(tag),
                    false => self.escaped(typed),
                },
                Piece::End(tag, typed) => match tag.is_inline() && self.is_open(tag) {
                    true => self.close_to(tag),
                    false => self.escaped(typed),
                },
            }
        }
    }

    /// Raw HTML that stands for itself.
    pub(super) fn end_block(&mut self) {
        let block = self.block.take().unwrap_or_default();
        for piece in raw::pieces(&block) {
            match piece {
                Piece::Comment => {}
                Piece::Text(typed) if typed.trim().is_empty() => self.text(typed),
                Piece::Start(Tag::Details, _) if self.levels < MAX_LEVELS => {
                    self.end_paragraph();
                    self.open_raw(Tag::Details);
                }
                Piece::Start(Tag::Summary, _)
                    if self.levels < MAX_LEVELS
                        && matches!(self.open.last(), Some(Open::Raw(Tag::Details))) =>
                {
                    self.open_raw(Tag::Summary);
                }
                Piece::End(tag, _) if !tag.is_inline() && self.is_open(tag) => self.close_to(tag),
                Piece::Text(typed) | Piece::Start(_, typed) | Piece::End(_, typed) => {
                    if !self.is_within_words() {
                        self.out.push_str("<p>");
                        self.push(Open::Paragraph);
                    }
                    self.inline(typed);
                }
            }
        }
        self.end_paragraph();
    }

    /// Whether loose words of raw HTML have something around them.
    fn is_within_words(&self) -> bool {
        match self.open.last() {
            Some(Open::Paragraph) => true,
            Some(Open::Raw(tag)) => *tag != Tag::Details,
            _ => false,
        }
    }

    fn end_paragraph(&mut self) {
        while self.is_within_words() {
            self.close();
        }
    }

    fn open_raw(&mut self, tag: Tag) {
        let _ = write!(self.out, "<{}>", tag.name());
        self.push(Open::Raw(tag));
    }

    /// Whether a raw tag can be ended here: nothing of Markdown was begun inside it.
    fn is_open(&self, tag: Tag) -> bool {
        let raw = self.open.iter().rev().map_while(|open| match open {
            Open::Raw(tag) => Some(Some(*tag)),
            Open::Paragraph => Some(None),
            Open::Element { .. } | Open::Link { .. } | Open::Figure { .. } | Open::Note { .. } => {
                None
            }
        });
        raw.flatten().any(|open| open == tag)
    }

    fn close_to(&mut self, tag: Tag) {
        while let Some(closed) = self.close() {
            if closed == Some(tag) {
                break;
            }
        }
    }
}
