//! The listeners, from the first connection to the last answer.

use std::any::Any;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::time::Duration;

use actix_tls::accept::openssl::TlsStream;
use actix_web::dev::Extensions;
use actix_web::middleware::from_fn;
use actix_web::rt::net::TcpStream;
use actix_web::{App, HttpServer, dev, rt, web};
use futures_util::future::join_all;
use tokio::signal::unix::{SignalKind, signal};
use tracing_actix_web::TracingLogger;

use super::state::AppState;
use super::{configure_api, finish, not_found, operations, public, trace, trail};
use crate::pki::tls::{CurrentTls, PeerCertificate};

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
    public: Option<TcpListener>,
    operations: TcpListener,
    address: SocketAddr,
    public_address: Option<SocketAddr>,
    operations_address: SocketAddr,
    tls: Option<CurrentTls>,
}

/// The addresses to listen at. Port 0 takes a free one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// For applications; and for citizens, unless these have an address of their own.
    pub interface: SocketAddr,
    /// For citizens only, when the public site is to be kept apart from the interface.
    pub public: Option<SocketAddr>,
    /// For whoever runs the service.
    pub operations: SocketAddr,
}

/// What a listener answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Offer {
    /// The interface and the public site.
    Everything,
    /// The interface for applications.
    Interface,
    /// The public site.
    Site,
}

impl Offer {
    /// Its routes. The public ones come last: they take every name.
    fn configure(self, routes: &mut web::ServiceConfig) {
        if self != Self::Site {
            configure_api(routes);
        }
        match self {
            Self::Interface => public::configure_looks(routes),
            Self::Everything | Self::Site => public::configure(routes),
        }
    }
}

impl Server {
    /// Takes the addresses.
    ///
    /// # Errors
    /// An address that cannot be had.
    pub fn bind(state: AppState, addresses: Addresses) -> io::Result<Self> {
        let interface = listen(addresses.interface)?;
        let public = addresses.public.map(listen).transpose()?;
        let operations = listen(addresses.operations)?;
        let public_address = public.as_ref().map(TcpListener::local_addr).transpose()?;
        Ok(Self {
            address: interface.local_addr()?,
            public_address,
            operations_address: operations.local_addr()?,
            state,
            interface,
            public,
            operations,
            tls: None,
        })
    }

    /// Speaks TLS to applications and citizens. The operations listener stays as it is.
    #[must_use]
    pub fn with_tls(mut self, tls: Option<CurrentTls>) -> Self {
        self.tls = tls;
        self
    }

    /// Where applications connect.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where citizens connect.
    pub fn public_address(&self) -> SocketAddr {
        self.public_address.unwrap_or(self.address)
    }

    /// Where `/livez`, `/readyz` and `/metrics` answer.
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
        let data = web::Data::new(self.state.clone());
        let offer = match self.public {
            Some(_) => Offer::Interface,
            None => Offer::Everything,
        };
        let tls = self.tls.as_ref();
        let interface = offering(offer, self.interface, tls, &data)?;
        let site = self
            .public
            .map(|listener| offering(Offer::Site, listener, tls, &data));
        let site = site.transpose()?;
        let operations = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .configure(operations::configure)
        })
        .workers(OPERATIONS_THREADS)
        .disable_signals()
        .listen(self.operations)?
        .run();
        let handles: Vec<_> = [Some(&interface), site.as_ref()]
            .into_iter()
            .flatten()
            .map(|server| server.handle())
            .collect();
        let operations_handle = operations.handle();
        let mut terminated = signal(SignalKind::terminate())?;
        let mut interrupted = signal(SignalKind::interrupt())?;
        let site = async {
            match site {
                Some(site) => site.await,
                None => Ok(()),
            }
        };
        let mut all = pin!(async { tokio::join!(interface, site, operations) });
        let (interface, site, operations) = tokio::select! {
            ended = &mut all => ended,
            () = async {
                tokio::select! {
                    _ = terminated.recv() => {}
                    _ = interrupted.recv() => {}
                }
            } => {
                tracing::info!("stopping: requests under way are answered first");
                self.state.stop();
                let graceful = join_all(handles.iter().map(|handle| handle.stop(true)));
                let stop = async { tokio::join!(graceful, operations_handle.stop(false)) };
                tokio::join!(all, stop).0
            }
        };
        interface.and(site).and(operations)
    }
}

/// A server with these routes behind a listener.
fn offering(
    offer: Offer,
    listener: TcpListener,
    tls: Option<&CurrentTls>,
    data: &web::Data<AppState>,
) -> io::Result<dev::Server> {
    let settings = data.settings();
    let threads = settings.threads.max(1);
    let shared = data.clone();
    let server = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .wrap(from_fn(trail::follow))
            .wrap(from_fn(finish::finish))
            .wrap(TracingLogger::<trace::RequestSpan>::new())
            .configure(|routes| offer.configure(routes))
            .default_service(web::to(not_found))
    })
    .workers(threads)
    .max_connections(settings.connections.div_ceil(threads))
    .client_request_timeout(settings.header_time)
    .client_disconnect_timeout(LINGER)
    .shutdown_timeout(settings.shutdown_time.as_secs())
    .tls_handshake_timeout(settings.header_time)
    .on_connect(remember_peer)
    .disable_signals();
    let server = match tls {
        None => server.listen(listener)?,
        // Citizens are asked for no certificate: browsers would ask them which.
        Some(tls) => {
            let acceptor = tls.acceptor(offer != Offer::Site);
            server.listen_openssl(listener, acceptor.map_err(io::Error::other)?)?
        }
    };
    Ok(server.run())
}

/// Keeps the client certificate of a connection for its requests.
fn remember_peer(connection: &dyn Any, data: &mut Extensions) {
    let connection = connection.downcast_ref::<TlsStream<TcpStream>>();
    if let Some(peer) = connection.and_then(|connection| PeerCertificate::of(connection.ssl())) {
        data.insert(peer);
    }
}

/// A listener that can be taken again at once after a restart.
fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(address)
        .map_err(|error| io::Error::new(error.kind(), format!("{address}: {error}")))
}
