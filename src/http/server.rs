//! The two listeners, from the first connection to the last answer.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, rt, web};
use tokio::signal::unix::{SignalKind, signal};
use tracing_actix_web::TracingLogger;

use super::state::AppState;
use super::{configure, finish, not_found, operations, trace};

/// Time in which a connection that is being closed may still send: enough to read the answer to a
/// request whose body was not wanted.
const LINGER: Duration = Duration::from_secs(5);

/// Threads of the operations listener.
const OPERATIONS_THREADS: usize = 1;

/// A service that has its addresses and answers once it [runs](Self::run).
#[derive(Debug)]
pub struct Server {
    state: AppState,
    interface: TcpListener,
    operations: TcpListener,
    address: SocketAddr,
    operations_address: SocketAddr,
}

impl Server {
    /// Takes the addresses: `interface` for applications and citizens, `operations` for whoever runs the
    /// service. Port 0 takes a free one.
    ///
    /// # Errors
    /// An address that cannot be had.
    pub fn bind(
        state: AppState,
        interface: SocketAddr,
        operations: SocketAddr,
    ) -> io::Result<Self> {
        let interface = listen(interface)?;
        let operations = listen(operations)?;
        Ok(Self {
            address: interface.local_addr()?,
            operations_address: operations.local_addr()?,
            state,
            interface,
            operations,
        })
    }

    /// Where applications and citizens connect.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where `/livez` and `/readyz` answer.
    pub fn operations_address(&self) -> SocketAddr {
        self.operations_address
    }

    /// Serves until SIGTERM or SIGINT, then answers what is under way and returns. Blocks.
    ///
    /// # Errors
    /// A listener that cannot be served from; signals that cannot be listened to.
    pub fn run(self) -> io::Result<()> {
        rt::System::new().block_on(self.serve())
    }

    async fn serve(self) -> io::Result<()> {
        let settings = self.state.settings().clone();
        let threads = settings.threads.max(1);
        let data = web::Data::new(self.state.clone());
        let shared = data.clone();
        let interface = HttpServer::new(move || {
            App::new()
                .app_data(shared.clone())
                .wrap(from_fn(finish::finish))
                .wrap(TracingLogger::<trace::RequestSpan>::new())
                .configure(configure)
                .default_service(web::to(not_found))
        })
        .workers(threads)
        .max_connections(settings.connections.div_ceil(threads))
        .client_request_timeout(settings.header_time)
        .client_disconnect_timeout(LINGER)
        .shutdown_timeout(settings.shutdown_time.as_secs())
        .disable_signals()
        .listen(self.interface)?
        .run();
        let operations = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .configure(operations::configure)
        })
        .workers(OPERATIONS_THREADS)
        .disable_signals()
        .listen(self.operations)?
        .run();
        let handles = (interface.handle(), operations.handle());
        let mut terminated = signal(SignalKind::terminate())?;
        let mut interrupted = signal(SignalKind::interrupt())?;
        let mut both = pin!(async { tokio::join!(interface, operations) });
        let (interface, operations) = tokio::select! {
            ended = &mut both => ended,
            () = async {
                tokio::select! {
                    _ = terminated.recv() => {}
                    _ = interrupted.recv() => {}
                }
            } => {
                tracing::info!("stopping: requests under way are answered first");
                self.state.stop();
                let stop = async { tokio::join!(handles.0.stop(true), handles.1.stop(false)) };
                tokio::join!(both, stop).0
            }
        };
        interface.and(operations)
    }
}

/// A listener that can be taken again at once after a restart.
fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(address)
        .map_err(|error| io::Error::new(error.kind(), format!("{address}: {error}")))
}
