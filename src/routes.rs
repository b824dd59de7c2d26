//! Every route there is.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::app::App;
use crate::error::{Error, Result};
use crate::web::unchanged::Known;
use crate::web::{assets, guard};
use crate::{metrics, pages};

pub fn routes(app: &App) -> impl FnOnce(&mut web::ServiceConfig) + Clone + use<> {
    let app = app.clone();
    move |cfg| {
        let known = Known {
            db: app.db.clone(),
            clock: app.clock.clone(),
            session: pages::request::COOKIE,
        };
        cfg.app_data(web::Data::new(app.rules.clone()))
            .app_data(web::Data::new(known))
            .app_data(web::Data::new(app))
            .app_data(web::PayloadConfig::new(guard::MOST_SENT))
            .route("/healthz", web::get().to(|| async { "alive" }))
            .route("/readyz", web::get().to(ready))
            .route("/metrics", web::get().to(metrics::page))
            .route("/assets/{hash}/{name}", web::get().to(assets::serve))
            .configure(pages::help::routes)
            .configure(pages::auth::routes)
            .configure(pages::invite::routes)
            .configure(pages::ramp::routes)
            .configure(pages::session::routes)
            .configure(pages::shift::routes)
            .configure(pages::assessment::routes)
            .configure(pages::asked::routes)
            .configure(pages::signoff::routes)
            .configure(pages::clearance::routes)
            .configure(pages::home::routes)
            .configure(pages::calendar::routes)
            .configure(pages::board::routes)
            .configure(pages::area::routes)
            .configure(pages::people::routes)
            .configure(pages::outbox::routes)
            .configure(pages::postmortem::routes)
            .configure(pages::audit::routes)
            .configure(pages::standard::routes)
            .configure(pages::stale::routes)
            .configure(pages::waiver::routes)
            .configure(pages::currency::routes)
            .configure(pages::drill::routes)
            .configure(pages::search::routes)
            .configure(pages::discussion::routes)
            .configure(pages::hook::routes)
            .configure(pages::kpi::routes)
            .configure(pages::rota::routes)
            .configure(components)
            .default_service(web::to(not_found));
    }
}

/// No such page; who is signed in keeps the menu and their time zone.
async fn not_found(req: HttpRequest) -> Result<HttpResponse> {
    // Who is not, or cannot be looked up now, is answered the same.
    drop(pages::request::read(&req, |_, _| Ok(())).await);
    Err(Error::NotFound("page"))
}

/// A page that shows all components; not in a release.
fn components(cfg: &mut web::ServiceConfig) {
    #[cfg(debug_assertions)]
    cfg.configure(pages::ui::routes);
    #[cfg(not(debug_assertions))]
    let _ = cfg;
}

/// Ready when the database can be used.
async fn ready(app: web::Data<App>) -> Result<&'static str> {
    app.db.ready().await.map(|()| "ready")
}
