//! The lines of a version for a spreadsheet: competencies, then the checklist.

use actix_web::{HttpRequest, HttpResponse, web};

use super::version::{find, readable};
use crate::domain::standard::{Competency, Item};
use crate::error::Result;
use crate::pages::parts::table;
use crate::web::table::{Cell, Table};

const HEADER: [&str; 13] = [
    "Code",
    "Part",
    "Group",
    "Text",
    "Required level",
    "Critical",
    "Level 1",
    "Level 2",
    "Level 3",
    "Level 4",
    "Level 5",
    "Done by",
    "Link",
];

pub(crate) async fn download(
    req: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse> {
    let (slug, number) = path.into_inner();
    table::download(&req, move |c, context, _| {
        let (area, versions, _) = readable(c, context, &slug)?;
        let standard = find(&versions, &number)?;
        let name = format!("standard-{}-v{}", area.slug, standard.version);
        let mut table = Table::new(name, &HEADER);
        let content = &standard.content;
        table
            .rows
            .extend(content.competencies.iter().map(competency));
        table.rows.extend(content.items.iter().map(item));
        Ok(table)
    })
    .await
}

fn competency(c: &Competency) -> Vec<Cell> {
    let mut row = vec![
        Cell::text(&c.code),
        Cell::text("Competency"),
        Cell::text(c.group.label()),
        Cell::text(&c.statement),
        Cell::Number(c.required_level.number().into()),
        Cell::flag(c.critical),
    ];
    row.extend(c.behaviours.iter().map(Cell::text));
    row.extend([Cell::Empty, Cell::Empty]);
    row
}

fn item(i: &Item) -> Vec<Cell> {
    let mut row = vec![
        Cell::text(&i.code),
        Cell::text("Checklist"),
        Cell::text(i.group.label()),
        Cell::text(&i.text),
    ];
    row.extend(std::iter::repeat_n(Cell::Empty, 7));
    row.push(Cell::text(i.done_by.label()));
    row.push(Cell::maybe(i.link.as_deref(), Cell::text));
    row
}
