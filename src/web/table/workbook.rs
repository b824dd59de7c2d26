//! A table as a workbook (XLSX). Texts are cells of text, so nothing in them runs.

use std::fs::File;
use std::io::{BufWriter, Seek, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, XlsxError};

use super::Cell;
use crate::db::types::{Day, UtcTime};
use crate::error::{Error, Result};

/// Rows of a sheet, the header included.
const MOST_ROWS: u32 = 1_048_576;
/// UTF-16 units in a cell.
const MOST_UNITS: usize = 32_767;
/// In characters.
const WIDTH: u8 = 22;

/// A workbook with one sheet, written to the disk row by row.
/// Longest name of a sheet.
const MOST_NAME_CHARS: usize = 31;

pub struct Workbook {
    book: rust_xlsxwriter::Workbook,
    columns: u16,
    /// The next free row.
    row: u32,
    day: Format,
    moment: Format,
}

impl Workbook {
    pub fn begin(name: &str, header: &[&str]) -> Result<Self> {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet_with_constant_memory().map_err(fault)?;
        let bold = Format::new().set_bold();
        let name: String = name.chars().take(MOST_NAME_CHARS).collect();
        sheet.set_name(name).map_err(fault)?;
        sheet.set_freeze_panes(1, 0).map_err(fault)?;
        let mut columns = 0;
        for words in header {
            sheet.set_column_width(columns, WIDTH).map_err(fault)?;
            sheet
                .write_string_with_format(0, columns, *words, &bold)
                .map_err(fault)?;
            columns += 1;
        }
        Ok(Self {
            book,
            columns,
            row: 1,
            day: Format::new().set_num_format("yyyy-mm-dd"),
            moment: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
        })
    }

    /// Errors: [`Error::Invalid`] when a sheet cannot hold so many rows.
    pub fn add(&mut self, rows: &[Vec<Cell>]) -> Result<()> {
        for row in rows {
            if self.row >= MOST_ROWS {
                return Err(Error::field(
                    "",
                    "A workbook holds at most 1,048,575 rows. Filter, or save as CSV.",
                ));
            }
            for (column, cell) in (0_u16..).zip(row) {
                self.write(column, cell).map_err(fault)?;
            }
            self.row += 1;
        }
        Ok(())
    }

    fn write(&mut self, column: u16, cell: &Cell) -> std::result::Result<(), XlsxError> {
        let (row, sheet) = (self.row, self.book.worksheet_from_index(0)?);
        match cell {
            Cell::Empty => {}
            Cell::Text(text) => {
                sheet.write_string(row, column, shortened(text))?;
            }
            Cell::Number(number) => match exact(*number) {
                Some(exact) => {
                    sheet.write_number(row, column, exact)?;
                }
                None => {
                    sheet.write_string(row, column, number.to_string())?;
                }
            },
            Cell::Decimal(number) => {
                sheet.write_number(row, column, *number)?;
            }
            Cell::Day(day) => match date(*day).filter(|_| *day != Day::NEVER) {
                Some(date) => {
                    sheet.write_datetime_with_format(row, column, date, &self.day)?;
                }
                None => {
                    sheet.write_string(row, column, day.for_files())?;
                }
            },
            Cell::Moment(at) => match moment(*at) {
                Some(moment) => {
                    sheet.write_datetime_with_format(row, column, moment, &self.moment)?;
                }
                None => {
                    sheet.write_string(row, column, at.iso())?;
                }
            },
        }
        Ok(())
    }

    /// The whole file, to be read from its beginning.
    pub fn finish(mut self) -> Result<File> {
        let (last, right) = (self.row.saturating_sub(1), self.columns.saturating_sub(1));
        let sheet = self.book.worksheet_from_index(0).map_err(fault)?;
        sheet.autofilter(0, 0, last, right).map_err(fault)?;
        let mut file = tempfile::tempfile().map_err(Error::fault)?;
        let mut writer = BufWriter::new(&file);
        self.book.save_to_writer(&mut writer).map_err(fault)?;
        writer.flush().map_err(Error::fault)?;
        drop(writer);
        file.rewind().map_err(Error::fault)?;
        Ok(file)
    }
}

fn fault(e: XlsxError) -> Error {
    Error::fault(e)
}

/// A cell holds no more; what is longer ends with an ellipsis.
fn shortened(text: &str) -> String {
    if text.encode_utf16().count() <= MOST_UNITS {
        return text.to_owned();
    }
    let mut units = 1;
    let kept = text.chars().take_while(|letter| {
        units += letter.len_utf16();
        units <= MOST_UNITS
    });
    kept.chain(['…']).collect()
}

/// Spreadsheets count in floating point; a number it cannot hold stays text.
fn exact(number: i64) -> Option<f64> {
    i32::try_from(number).ok().map(f64::from)
}

fn date(day: Day) -> Option<ExcelDateTime> {
    let date = day.date();
    let part = |n: i8| u8::try_from(n).ok();
    let year = u16::try_from(date.year()).ok()?;
    ExcelDateTime::from_ymd(year, part(date.month())?, part(date.day())?).ok()
}

fn moment(at: UtcTime) -> Option<ExcelDateTime> {
    let civil = at.timestamp().to_zoned(jiff::tz::TimeZone::UTC).datetime();
    let part = |n: i8| u8::try_from(n).ok();
    let hour = u16::try_from(civil.hour()).ok()?;
    date(at.day())?
        .and_hms(hour, part(civil.minute())?, part(civil.second())?)
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn part(file: File, name: &str) -> String {
        let mut zip = zip::ZipArchive::new(file).unwrap();
        let mut text = String::new();
        zip.by_name(name)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        text
    }

    fn made(rows: &[Vec<Cell>]) -> String {
        let mut book = Workbook::begin("things", &["What", "When"]).unwrap();
        book.add(rows).unwrap();
        part(book.finish().unwrap(), "xl/worksheets/sheet1.xml")
    }

    #[test]
    fn a_formula_stays_text_and_days_are_days() {
        let day = Day::parse("2026-11-22").unwrap();
        let sheet = made(&[
            vec![Cell::text("=HYPERLINK(\"http://x\")"), Cell::Day(day)],
            vec![Cell::Number(-3), Cell::Moment(day.start().plus_hours(12))],
        ]);
        assert!(!sheet.contains("<f>"), "{sheet}");
        assert!(
            sheet.contains("t=\"inlineStr\"><is><t>=HYPERLINK"),
            "{sheet}"
        );
        assert!(sheet.contains("<v>46348</v>"), "{sheet}");
        assert!(sheet.contains("<v>46348.5</v>"), "{sheet}");
        assert!(sheet.contains("<v>-3</v>"), "{sheet}");
        assert!(sheet.contains("<autoFilter ref=\"A1:B3\"/>"), "{sheet}");
        assert!(sheet.contains("state=\"frozen\""), "{sheet}");
    }

    #[test]
    fn a_text_is_never_longer_than_a_cell_and_no_letter_is_cut() {
        for text in [
            "a".repeat(40_000),
            "𝒳".repeat(20_000),
            "x\u{1}\u{b}<&\"".repeat(5),
        ] {
            let kept = shortened(&text);
            assert!(kept.encode_utf16().count() <= MOST_UNITS);
            assert!(text.starts_with(kept.trim_end_matches('…')));
            made(&[vec![Cell::text(text)]]);
        }
    }

    #[test]
    fn a_table_without_rows_is_a_workbook_too() {
        assert!(made(&[]).contains("What"));
    }
}
