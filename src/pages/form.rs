//! Forms that come back: what was typed stays in the fields, and the page says what is wrong with it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::db::Conn;
use crate::domain::auth::context::ReadContext;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::request::read_page;
use crate::web::{Fields, Page, Past, html_with};

/// A form as its page shows it.
#[derive(Debug, Default)]
pub struct Form {
    /// What stands in the fields: typed by the person, or given by the address.
    pub fields: Fields,
    pub errors: FieldErrors,
    sent: Sent,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Sent {
    #[default]
    NotYet,
    /// A field holds something that cannot be taken.
    Wrong,
    /// Somebody else was first.
    Overtaken,
}

impl Form {
    /// A form as it is first shown, with these values in its fields.
    pub fn filled(fields: Fields) -> Self {
        Self {
            fields,
            ..Self::default()
        }
    }

    /// A form as it is first shown, with what the address gives.
    ///
    /// Errors: [`Error::Invalid`] when the address cannot be read.
    pub fn asked(req: &HttpRequest) -> Result<Self> {
        Ok(Self::filled(Fields::parse(req.query_string().as_bytes())?))
    }

    /// What was typed, if the form came back.
    pub fn typed(&self) -> Option<&Fields> {
        (self.sent != Sent::NotYet).then_some(&self.fields)
    }

    /// What was typed, if a field holds something that cannot be taken.
    pub fn wrong(&self) -> Option<&Fields> {
        (self.sent == Sent::Wrong).then_some(&self.fields)
    }

    /// What the form was opened on, as a hidden field sends it. A form with a mistake in it is still held against what
    /// its page showed then; one that was overtaken against what is stored now.
    pub fn seen(&self, field: &str, stored: impl ToString) -> String {
        match self.wrong().filter(|fields| fields.has(field)) {
            Some(fields) => fields.get(field).to_owned(),
            None => stored.to_string(),
        }
    }

    /// Somebody else was first: what was typed is held against what is stored now.
    pub fn is_overtaken(&self) -> bool {
        self.sent == Sent::Overtaken
    }

    /// 200 as it is first shown, 422 or 409 when it came back.
    pub fn status(&self) -> StatusCode {
        match self.sent {
            Sent::NotYet => StatusCode::OK,
            Sent::Wrong => StatusCode::UNPROCESSABLE_ENTITY,
            Sent::Overtaken => StatusCode::CONFLICT,
        }
    }

    /// Shows the form on its page.
    pub async fn show<T, F>(self, req: &HttpRequest, f: F) -> Result<HttpResponse>
    where
        T: Template + Send + 'static,
        F: FnOnce(&mut Conn, &ReadContext, Page, Self) -> Result<T> + Send + 'static,
    {
        let status = self.status();
        html_with(status, &self.read(req, f).await?)
    }

    /// Reads what the page of the form shows.
    pub async fn read<T, F>(self, req: &HttpRequest, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn, &ReadContext, Page, Self) -> Result<T> + Send + 'static,
    {
        read_page(req, &Past::default(), move |c, context, mut page| {
            page.has_errors = !self.errors.is_empty();
            f(c, context, page, self)
        })
        .await
    }

    /// Shows the form on a page for which nobody needs to be signed in.
    pub fn show_signed_out<T: Template>(
        self,
        page: Page,
        f: impl FnOnce(Page, Self) -> T,
    ) -> Result<HttpResponse> {
        let status = self.status();
        let page = Page {
            has_errors: !self.errors.is_empty(),
            ..page
        };
        html_with(status, &f(page, self))
    }
}

/// What becomes of a form that was sent.
pub trait OrShow {
    /// The answer; or, when the form cannot be taken as it is, the form again.
    ///
    /// Errors: What the answer was; a conflict stays one when the page of the form cannot be shown any more.
    fn or_show<S>(self, fields: Fields, show: S) -> impl Future<Output = Result<HttpResponse>>
    where
        S: AsyncFnOnce(Form) -> Result<HttpResponse>;
}

impl OrShow for Result<HttpResponse> {
    async fn or_show<S>(self, fields: Fields, show: S) -> Result<HttpResponse>
    where
        S: AsyncFnOnce(Form) -> Result<HttpResponse>,
    {
        match self {
            Err(Error::Invalid(errors)) => {
                let sent = Sent::Wrong;
                show(Form {
                    fields,
                    errors,
                    sent,
                })
                .await
            }
            Err(Error::Conflict(sentence)) => {
                let form = Form {
                    fields,
                    errors: FieldErrors::one("", sentence.as_str()),
                    sent: Sent::Overtaken,
                };
                match show(form).await {
                    Err(Error::Forbidden(_) | Error::NotFound(_) | Error::Conflict(_)) => {
                        Err(Error::Conflict(sentence))
                    }
                    answer => answer,
                }
            }
            answer => answer,
        }
    }
}

/// The sentences at the fields of one of many forms on a page. Its row follows the name of each of its fields.
pub fn errors_of_row(errors: &FieldErrors, row: Option<i64>) -> FieldErrors {
    let mut named = FieldErrors::default();
    for (field, sentence) in errors.iter() {
        match row {
            Some(row) if !field.is_empty() => named.add(format!("{field}-{row}"), sentence),
            _ => named.add(field, sentence),
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_held_against_what_its_page_showed_until_it_was_told() {
        let form = |sent| Form {
            sent,
            ..Form::filled(Fields::of(&[("revision", "3")]))
        };
        for (sent, revision) in [
            (Sent::NotYet, "4"),
            (Sent::Wrong, "3"),
            (Sent::Overtaken, "4"),
        ] {
            assert_eq!(form(sent).seen("revision", 4), revision, "{sent:?}");
            assert_eq!(form(sent).seen("edition", 4), "4", "{sent:?}: never sent");
        }
    }
}
