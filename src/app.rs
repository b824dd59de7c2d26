//! The one app: what every handler is given, and all routes.

use actix_web::{HttpResponse, web};

use crate::clock::Clock;
use crate::db::Db;
use crate::domain::auth::password::Hasher;
use crate::error::{Error, Result};
use crate::pages::auth::DemoSignIn;
use crate::web as pages;
use crate::web::guard::Rules;

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
            .route("/help", web::get().to(crate::pages::auth::help))
            .configure(crate::pages::auth::routes)
            .configure(crate::pages::invite::routes)
            .configure(crate::pages::people::admin::routes)
            .configure(crate::pages::ramp::routes)
            .configure(crate::pages::session::routes)
            .configure(crate::pages::shift::routes)
            .configure(crate::pages::assessment::routes)
            .configure(crate::pages::signoff::routes)
            .configure(crate::pages::clearance::routes)
            .configure(crate::pages::home::routes)
            .configure(crate::pages::board::routes)
            .configure(crate::pages::area::routes)
            .configure(crate::pages::people::routes)
            .configure(crate::pages::postmortem::routes)
            .configure(crate::pages::audit::routes)
            .configure(crate::pages::standard::routes)
            .configure(crate::pages::stale::routes)
            .configure(crate::pages::waiver::routes)
            .configure(crate::pages::people::mentoring::routes)
            .configure(crate::pages::currency::routes)
            .configure(crate::pages::drill::routes)
            .configure(components)
            .default_service(web::to(|| async {
                Err::<HttpResponse, _>(Error::NotFound("page"))
            }));
    }
}

/// The page of all components; a release has none.
fn components(cfg: &mut web::ServiceConfig) {
    #[cfg(debug_assertions)]
    cfg.configure(crate::pages::ui::routes);
    #[cfg(not(debug_assertions))]
    let _ = cfg;
}

/// Ready when the database answers.
async fn ready(app: web::Data<App>) -> Result<&'static str> {
    app.db
        .read(|c| crate::domain::people::store::is_empty(c).map(|_| "ready"))
        .await
}
