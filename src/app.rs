//! The one app: what every handler is given, and all routes.

use actix_web::{HttpResponse, web};

use crate::auth::password::Hasher;
use crate::auth::web::DemoSignIn;
use crate::clock::Clock;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::web::guard::Rules;
use crate::{
    area, assessment, audit, auth, board, clearance, currency, drill, home, invite, people,
    postmortem, ramp, session, shift, signoff, stale, standard, waiver, web as pages,
};

/// What a running Checkride is made of.
#[derive(Debug, Clone)]
pub struct App {
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// Hashes passwords.
    pub hasher: Hasher,
    /// Proxies and public address.
    pub rules: Rules,
    /// One-click sign-ins; empty outside the demo.
    pub demo_sign_ins: Vec<DemoSignIn>,
}

pub fn routes(app: &App) -> impl FnOnce(&mut web::ServiceConfig) + Clone + use<> {
    let app = app.clone();
    move |cfg| {
        cfg.app_data(web::Data::new(app.rules.clone()))
            .app_data(web::Data::new(app))
            .app_data(web::PayloadConfig::new(256 * 1024))
            .route("/healthz", web::get().to(|| async { "alive" }))
            .route("/readyz", web::get().to(ready))
            .route("/assets/{hash}/{name}", web::get().to(pages::assets::serve))
            .route("/help", web::get().to(auth::web::help))
            .configure(auth::web::routes)
            .configure(invite::web::routes)
            .configure(people::admin::web::routes)
            .configure(ramp::web::routes)
            .configure(session::web::routes)
            .configure(shift::web::routes)
            .configure(assessment::web::routes)
            .configure(signoff::web::routes)
            .configure(clearance::web::routes)
            .configure(home::web::routes)
            .configure(board::web::routes)
            .configure(area::web::routes)
            .configure(people::web::routes)
            .configure(postmortem::web::routes)
            .configure(audit::web::routes)
            .configure(standard::web::routes)
            .configure(stale::web::routes)
            .configure(waiver::web::routes)
            .configure(people::mentoring::web::routes)
            .configure(currency::web::routes)
            .configure(drill::web::routes)
            .configure(components)
            .default_service(web::to(|| async {
                Err::<HttpResponse, _>(Error::NotFound("page"))
            }));
    }
}

/// The page of all components; a release has none.
fn components(cfg: &mut web::ServiceConfig) {
    #[cfg(debug_assertions)]
    cfg.configure(crate::ui::routes);
    #[cfg(not(debug_assertions))]
    let _ = cfg;
}

/// Ready when the database answers.
async fn ready(app: web::Data<App>) -> Result<&'static str> {
    app.db
        .read(|c| crate::people::store::is_empty(c).map(|_| "ready"))
        .await
}
