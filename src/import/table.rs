//! A TOML table that is read key by key, and knows the line of each key.

use std::ops::{Deref, RangeInclusive};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::source::Source;
use crate::db::types::Day;
use crate::text;

/// A value and the byte it starts at.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) at: usize,
}

impl<T> Deref for At<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

/// A table being read. Every method reports a wrong value; [`Table::done`] reports unknown keys.
pub(super) struct Table<'t> {
    source: &'t Source,
    table: &'t DeTable<'t>,
    at: usize,
    asked: Vec<&'static str>,
}

impl<'t> Table<'t> {
    /// A table that starts at that byte.
    pub(super) fn new(source: &'t Source, table: &'t DeTable<'t>, at: usize) -> Self {
        Self {
            source,
            table,
            at,
            asked: Vec::new(),
        }
    }

    /// Reports a problem of the whole table.
    pub(super) fn wrong(&self, sentence: impl Into<String>) {
        self.source.at(self.at, sentence);
    }

    /// Reports every key that was not read, and names those that were.
    pub(super) fn done(self) {
        let known: Vec<String> = self.asked.iter().map(|k| format!("`{k}`")).collect();
        for key in self
            .table
            .keys()
            .filter(|key| !self.asked.contains(&key.get_ref().as_ref()))
        {
            let name = key.get_ref();
            self.source.at(
                key.span().start,
                format!(
                    "`{name}` is not known here; known are {}.",
                    known.join(", ")
                ),
            );
        }
    }

    fn find(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.asked.push(key);
        self.table.get(key)
    }

    fn required(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        let found = self.find(key);
        if found.is_none() {
            self.wrong(format!("`{key}` is missing."));
        }
        found
    }

    /// A text of 1 to `most` characters, on one line.
    pub(super) fn text(&mut self, key: &'static str, most: usize) -> Option<At<String>> {
        let value = self.required(key)?;
        paragraph(self.source, key, value, most)
    }

    /// An optional text: `Some(None)` when it is missing, `None` when it is wrong.
    pub(super) fn optional_text(
        &mut self,
        key: &'static str,
        most: usize,
    ) -> Option<Option<At<String>>> {
        match self.find(key) {
            None => Some(None),
            Some(value) => paragraph(self.source, key, value, most).map(Some),
        }
    }

    /// A text that `parse` accepts.
    pub(super) fn parsed<T>(
        &mut self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<At<T>> {
        let value = self.required(key)?;
        parsed(self.source, key, value, parse)
    }

    /// An optional text that `parse` accepts: `Some(None)` when it is missing, `None` when it is wrong.
    pub(super) fn optional_parsed<T>(
        &mut self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<Option<At<T>>> {
        match self.find(key) {
            None => Some(None),
            Some(value) => parsed(self.source, key, value, parse).map(Some),
        }
    }

    /// A list of texts that `parse` accepts.
    pub(super) fn list<T>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Vec<At<T>>> {
        let value = self.required(key)?;
        self.listed(key, value, parse)
    }

    fn listed<T>(
        &self,
        key: &'static str,
        value: &'t Spanned<DeValue<'t>>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Vec<At<T>>> {
        let Some(array) = value.get_ref().as_array() else {
            self.unfit(key, "a list like [\"one\", \"two\"]", value);
            return None;
        };
        let parsed: Vec<_> = array
            .iter()
            .map(|item| parsed(self.source, key, item, &parse))
            .collect();
        parsed.into_iter().collect()
    }

    /// The same list, empty when it is missing.
    pub(super) fn optional_list<T>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Vec<At<T>>> {
        match self.find(key) {
            None => Some(Vec::new()),
            Some(value) => self.listed(key, value, parse),
        }
    }

    pub(super) fn number(
        &mut self,
        key: &'static str,
        range: RangeInclusive<i32>,
    ) -> Option<At<i32>> {
        let value = self.required(key)?;
        self.in_range(key, range, value)
    }

    /// A whole number in a range, 0 when it is missing.
    pub(super) fn optional_number(
        &mut self,
        key: &'static str,
        range: RangeInclusive<i32>,
    ) -> Option<i32> {
        match self.find(key) {
            None => Some(0),
            Some(value) => self.in_range(key, range, value).map(|n| n.value),
        }
    }

    fn in_range(
        &self,
        key: &'static str,
        range: RangeInclusive<i32>,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<At<i32>> {
        let wanted = format!("a whole number from {} to {}", range.start(), range.end());
        let Some(integer) = value.get_ref().as_integer() else {
            self.unfit(key, &wanted, value);
            return None;
        };
        match i32::from_str_radix(integer.as_str(), integer.radix())
            .ok()
            .filter(|n| range.contains(n))
        {
            Some(number) => Some(At {
                value: number,
                at: value.span().start,
            }),
            None => {
                self.source.at(
                    value.span().start,
                    format!("`{key}` must be {wanted}, not {integer}."),
                );
                None
            }
        }
    }

    /// `true` or `false`, `false` when it is missing.
    pub(super) fn flag(&mut self, key: &'static str) -> Option<bool> {
        let Some(value) = self.find(key) else {
            return Some(false);
        };
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.unfit(key, "true or false", value);
        }
        flag
    }

    /// A whole number in a range: `Some(None)` when it is missing, `None` when it is wrong.
    pub(super) fn number_if_any(
        &mut self,
        key: &'static str,
        range: RangeInclusive<i32>,
    ) -> Option<Option<At<i32>>> {
        match self.find(key) {
            None => Some(None),
            Some(value) => self.in_range(key, range, value).map(Some),
        }
    }

    /// A day, without a time; `missing` when there is none.
    pub(super) fn day_or(&mut self, key: &'static str, missing: Option<Day>) -> Option<At<Day>> {
        match (self.table.contains_key(key), missing) {
            (false, Some(day)) => {
                self.asked.push(key);
                Some(At { value: day, at: 0 })
            }
            _ => self.day(key),
        }
    }

    /// A day, without a time.
    pub(super) fn day(&mut self, key: &'static str) -> Option<At<Day>> {
        let value = self.required(key)?;
        let day = value
            .get_ref()
            .as_datetime()
            .filter(|d| d.time.is_none())
            .and_then(|d| Day::parse(&d.to_string()));
        if day.is_none() {
            self.source.at(
                value.span().start,
                format!("`{key}` must be a day like 2027-03-01, without quotes."),
            );
        }
        day.map(|day| At {
            value: day,
            at: value.span().start,
        })
    }

    /// An optional table under this one: `Some(None)` when it is missing, `None` when it is something else.
    pub(super) fn optional_table(&mut self, key: &'static str) -> Option<Option<Table<'t>>> {
        match self.find(key) {
            None => Some(None),
            Some(value) => self.as_table(key, value).map(Some),
        }
    }

    fn as_table(&self, key: &'static str, value: &'t Spanned<DeValue<'t>>) -> Option<Table<'t>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.unfit(key, "a table", value);
        }
        table.map(|table| Table::new(self.source, table, value.span().start))
    }

    /// The tables of a list, `[[like this]]`; none when it is missing.
    pub(super) fn tables(&mut self, key: &'static str) -> Vec<Table<'t>> {
        let Some(value) = self.find(key) else {
            return Vec::new();
        };
        match value.get_ref().as_array() {
            Some(array) => array
                .iter()
                .filter_map(|item| self.as_table(key, item))
                .collect(),
            None => {
                self.unfit(key, "a list of tables", value);
                Vec::new()
            }
        }
    }

    fn unfit(&self, key: &str, wanted: &str, value: &Spanned<DeValue<'_>>) {
        unfit(self.source, key, wanted, value);
    }
}

fn unfit(source: &Source, key: &str, wanted: &str, value: &Spanned<DeValue<'_>>) {
    let kind = match value.get_ref() {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    source.at(
        value.span().start,
        format!("`{key}` must be {wanted}, not {kind}."),
    );
}

fn parsed<T>(
    source: &Source,
    key: &str,
    value: &Spanned<DeValue<'_>>,
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> Option<At<T>> {
    let at = value.span().start;
    let Some(text) = value.get_ref().as_str() else {
        unfit(source, key, "a text", value);
        return None;
    };
    parse(text)
        .map_err(|sentence| source.at(at, format!("`{key}`: {sentence}")))
        .ok()
        .map(|value| At { value, at })
}

fn paragraph(
    source: &Source,
    key: &str,
    value: &Spanned<DeValue<'_>>,
    most: usize,
) -> Option<At<String>> {
    parsed(source, key, value, |text| {
        // Long texts may be broken into lines in the file; everywhere else they are one paragraph.
        let line = text::line(text, "The text")?;
        match line.chars().count() {
            0 => Err("Write something; it is empty.".into()),
            n if n > most => Err(format!("The text has {n} characters. The limit is {most}.")),
            _ => Ok(line),
        }
    })
}
