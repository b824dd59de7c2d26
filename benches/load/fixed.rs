//! A page of a given size that nothing has to be done for, behind the same server and the same guard.

use actix_web::middleware::from_fn;
use actix_web::{App, HttpResponse, HttpServer, web};
use checkride::web::guard::guard;

use crate::Result;

/// Serves it until this process is killed.
pub fn serve() -> Result<()> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let workers = std::thread::available_parallelism().map_or(2, |n| n.get().min(8));
    actix_web::rt::System::new().block_on(async {
        let server = HttpServer::new(|| {
            App::new()
                .wrap(from_fn(guard))
                .route("/fixed/{bytes}", web::get().to(answer))
        })
        .workers(workers)
        .listen(listener)?
        .run();
        println!("The fixed page is at http://{address}");
        server.await
    })?;
    Ok(())
}

async fn answer(bytes: web::Path<usize>) -> HttpResponse {
    static FIXED: [u8; 1 << 20] = [b'.'; 1 << 20];
    HttpResponse::Ok()
        .content_type("application/octet-stream")
        .body(FIXED.get(..*bytes).unwrap_or(&FIXED))
}
