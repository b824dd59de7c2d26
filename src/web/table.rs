//! The rows of a page as a file for a spreadsheet: CSV with commas or semicolons, or a workbook. One set of rows makes all.

mod workbook;

use actix_web::http::{StatusCode, header};
use actix_web::web::block;
use actix_web::{HttpResponse, HttpResponseBuilder};

use crate::db::types::{Day, UtcTime};
use crate::error::{Error, Result};
use crate::forms::{Fields, query_string};
use crate::text;
use crate::web::Past;
use crate::web::csv;
use crate::web::csv::Separator;
use crate::web::respond::stored_as;
use crate::web::stream;
pub use workbook::Workbook;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Text(String),
    Number(i64),
    /// With a point before its decimals in CSV.
    Decimal(f64),
    Day(Day),
    /// A moment, in UTC.
    Moment(UtcTime),
    Empty,
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// `yes` or `no`.
    pub fn flag(is: bool) -> Self {
        Self::text(if is { "yes" } else { "no" })
    }

    /// Empty when there is none.
    pub fn maybe<T>(value: Option<T>, cell: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::Empty, cell)
    }

    fn words(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Decimal(number) => number.to_string(),
            Self::Day(day) => day.for_files(),
            Self::Moment(at) => at.iso(),
            Self::Empty => String::new(),
        }
    }
}

/// A file that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv(Separator),
    Xlsx,
}

impl Format {
    /// By the ending of the address, and the separator that its query names.
    pub fn asked(path: &str, query: &Fields) -> Self {
        match (path.ends_with(".xlsx"), query.get("separator")) {
            (true, _) => Self::Xlsx,
            (false, SEMICOLON) => Self::Csv(Separator::Semicolon),
            (false, _) => Self::Csv(Separator::Comma),
        }
    }

    fn ending(self) -> &'static str {
        match self {
            Self::Csv(_) => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Csv(_) => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

const SEMICOLON: &str = "semicolon";

/// The rows of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Of the file: letters, digits and hyphens only.
    pub name: String,
    pub header: &'static [&'static str],
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    pub fn new(name: impl Into<String>, header: &'static [&'static str]) -> Self {
        Self {
            name: name.into(),
            header,
            rows: Vec::new(),
        }
    }

    pub fn csv(&self, separator: Separator) -> Result<Vec<u8>> {
        let begun = csv::begin(self.header, separator)?;
        Ok([begun, csv_rows(&self.rows, separator)?].concat())
    }
}

pub fn csv_rows(rows: &[Vec<Cell>], separator: Separator) -> Result<Vec<u8>> {
    csv::rows(
        rows.iter().map(|row| row.iter().map(Cell::words)),
        separator,
    )
}

/// The file of a table that fits into memory, written where it holds up no other request.
pub async fn file(format: Format, table: Table, day: Day) -> Result<HttpResponse> {
    let name = format!("{}-{day}", table.name);
    match format {
        Format::Csv(separator) => {
            let body = block(move || table.csv(separator)).await;
            Ok(attachment(format, &name).body(body.map_err(Error::fault)??))
        }
        Format::Xlsx => {
            let written = block(move || {
                let mut book = Workbook::begin(&table.name, table.header)?;
                book.add(&table.rows)?;
                book.finish()
            });
            Ok(sent(&name, written.await.map_err(Error::fault)??))
        }
    }
}

/// A response that the browser stores under that name and the format's ending.
pub fn attachment(format: Format, name: &str) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(StatusCode::OK);
    response
        .insert_header((header::CONTENT_TYPE, format.media_type()))
        .insert_header(stored_as(&format!("{name}.{}", format.ending())));
    response
}

/// A workbook that lies on the disk, sent piece by piece.
pub fn sent(name: &str, file: std::fs::File) -> HttpResponse {
    attachment(Format::Xlsx, name).body(stream::file(file))
}

/// The addresses of a page's files, with the page's filters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    pub comma: String,
    pub semicolon: String,
    pub xlsx: String,
}

impl Files {
    /// `path` is the address without its ending; a file holds all pages, so the place in them is left out.
    pub fn of(path: &str, query: &Fields) -> Self {
        let kept = || {
            let kept = query.iter();
            let kept = kept.filter(|(name, value)| !PLACES.contains(name) && !value.is_empty());
            kept.map(|(name, value)| (name, text::wanted(value)))
        };
        let with = ("separator", SEMICOLON);
        Self {
            comma: format!("{path}.csv{}", query_string(kept())),
            semicolon: format!("{path}.csv{}", query_string(kept().chain([with]))),
            xlsx: format!("{path}.xlsx{}", query_string(kept())),
        }
    }

    /// Of a page that shows today, or a past day.
    pub fn on(path: &str, past: &Past) -> Self {
        let at = past.day.map(|day| day.to_string()).unwrap_or_default();
        Self::of(path, &Fields::of(&[("at", &at)]))
    }
}

/// Fields of a query that say where in a list its page begins.
const PLACES: [&str; 3] = ["after", "before", "separator"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_the_filters_of_its_page_and_every_page_of_it() {
        let query = Fields::of(&[("team", "a b"), ("after", "ada"), ("q", "")]);
        let files = Files::of("/people", &query);
        assert_eq!(files.comma, "/people.csv?team=a+b");
        assert_eq!(files.semicolon, "/people.csv?team=a+b&separator=semicolon");
        assert_eq!(files.xlsx, "/people.xlsx?team=a+b");
        let asked = Fields::of(&[("separator", "semicolon")]);
        assert_eq!(
            Format::asked("/people.csv", &asked),
            Format::Csv(Separator::Semicolon)
        );
        assert_eq!(Format::asked("/people.xlsx", &asked), Format::Xlsx);
    }
}
