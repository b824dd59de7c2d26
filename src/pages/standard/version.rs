//! The page of one version.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::db::Conn;
use crate::domain::area;
use crate::domain::area::model::Area;
use crate::domain::auth::context::ReadContext;
use crate::domain::people::Names;
use crate::domain::stale::store as flags;
use crate::domain::standard::{Standard, may_draft, may_read_version, store};
use crate::error::{Error, Result};
use crate::pages::parts::standard::ContentView;
use crate::pages::request::show;
use crate::text;
use crate::time::TimeText;
use crate::web::table::Files;
use crate::web::{Fields, Page};

/// A version in a list of them.
struct VersionLine {
    number: i32,
    state: &'static str,
    material: bool,
    published: Option<TimeText>,
    by: Option<String>,
    note: String,
    is_here: bool,
    /// The version before it.
    previous: Option<i32>,
}

/// A person whose flag a version answered.
struct Thanks {
    name: String,
    handle: String,
    code: String,
}

#[derive(Template)]
#[template(path = "standard/version.html")]
struct VersionPage {
    page: Page,
    here: String,
    up: String,
    area: Area,
    version: VersionLine,
    content: ContentView,
    all: Vec<VersionLine>,
    thanks: Vec<Thanks>,
    may_draft: bool,
    files: Files,
}

/// The area, the versions that this person may read, newest first, and whether they may draft.
pub(super) fn readable(
    c: &mut Conn,
    context: &ReadContext,
    slug: &str,
) -> Result<(Area, Vec<Standard>, bool)> {
    let area = area::store::by_slug(c, slug)?.ok_or(Error::NotFound("area"))?;
    let qualifiers: Vec<i64> = area::store::qualifiers_of(c, area.id)?
        .into_iter()
        .map(|q| q.person_id)
        .collect();
    let mut versions = store::of_area(c, area.id)?;
    let owner = area.owner_team_id;
    versions.retain(|s| may_read_version(&context.actor, s.state, owner, &qualifiers));
    let may_draft = may_draft(&context.actor, owner, &qualifiers);
    Ok((area, versions, may_draft))
}

pub(super) fn find<'a>(versions: &'a [Standard], number: &str) -> Result<&'a Standard> {
    let number: Option<i32> = number.parse().ok();
    versions
        .iter()
        .find(|s| Some(s.version) == number)
        .ok_or(Error::NotFound("version of the standard"))
}

pub(crate) async fn page(
    req: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse> {
    let (slug, number) = path.into_inner();
    show(&req, move |c, context, page| {
        let (area, versions, may_draft) = readable(c, context, &slug)?;
        let standard = find(&versions, &number)?;
        let answered: Vec<_> = flags::answered_in_area(c, area.id)?
            .into_iter()
            .filter(|f| f.answered_in == Some(standard.id))
            .collect();
        let publishers = versions.iter().filter_map(|s| s.published_by);
        let names = Names::load(c, publishers.chain(answered.iter().map(|f| f.by_id)))?;
        let line = |s: &Standard| VersionLine {
            number: s.version,
            state: s.state.label(),
            material: s.material,
            published: s.published_at.map(|at| context.local.day_of(at)),
            by: s.published_by.map(|id| names.name(id).to_owned()),
            note: s.note.clone(),
            is_here: s.id == standard.id,
            previous: versions
                .iter()
                .map(|v| v.version)
                .filter(|v| *v < s.version)
                .max(),
        };
        let mut thanks: Vec<Thanks> = answered
            .iter()
            .map(|f| Thanks {
                name: names.name(f.by_id).to_owned(),
                handle: names.person(f.by_id).handle.to_owned(),
                code: f.item_code.clone(),
            })
            .collect();
        thanks.sort_by_cached_key(|t| (text::sort_key(&t.name), t.code.clone()));
        thanks.dedup_by(|a, b| (&a.handle, &a.code) == (&b.handle, &b.code));
        Ok(VersionPage {
            page: page.titled(
                "areas",
                format!("{}, standard v{}", area.name, standard.version),
            ),
            here: format!("Standard v{}", standard.version),
            up: format!("/areas/{}", area.slug),
            files: Files::of(
                &format!("/areas/{}/standard/v/{}/lines", area.slug, standard.version),
                &Fields::default(),
            ),
            version: line(standard),
            content: ContentView::new(&standard.content),
            all: versions.iter().map(line).collect(),
            thanks,
            may_draft,
            area,
        })
    })
    .await
}
