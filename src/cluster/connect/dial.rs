//! How a connection's bytes get to the server: straight, through a proxy, or (the demo cluster)
//! not over a network at all. Sockets are set up so that a dead peer is found in about 15 s:
//! a watch can be silent for minutes, so nothing else would tell.

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::DuplexStream;
use tower::util::{BoxCloneSyncService, ServiceExt as _};
use tower::{BoxError, Service};

trait Io: Read + Write + Send + Unpin {}
impl<T: Read + Write + Send + Unpin> Io for T {}

/// Any connected byte stream.
pub struct Wire(Box<dyn Io>);

impl Wire {
    fn new(io: impl Read + Write + Send + Unpin + 'static) -> Self {
        Self(Box::new(io))
    }
}

impl Read for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl Write for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write_vectored(cx, bufs)
    }
}

impl Connection for Wire {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

/// Makes connections.
pub(super) type Dial = BoxCloneSyncService<http::Uri, Wire, BoxError>;

/// Hides what a connector is.
fn dial<S>(connector: S) -> Dial
where
    S: Service<http::Uri> + Clone + Send + Sync + 'static,
    S::Response: Read + Write + Send + Unpin + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
{
    BoxCloneSyncService::new(connector.map_response(Wire::new).map_err(Into::into))
}

/// A connector whose sockets notice when the other side is gone: keep-alive after 5 s of silence,
/// each 3 s, 3 times; and 15 s for bytes of ours that nobody acknowledges.
fn tcp() -> HttpConnector {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(Duration::from_secs(10)));
    tcp.set_keepalive(Some(Duration::from_secs(5)));
    tcp.set_keepalive_interval(Some(Duration::from_secs(3)));
    tcp.set_keepalive_retries(Some(3));
    #[cfg(any(target_os = "linux", target_os = "android", target_os = "fuchsia"))]
    tcp.set_tcp_user_timeout(Some(Duration::from_secs(15)));
    tcp
}

/// A proxy to go through.
#[derive(Debug, Clone)]
pub(super) struct Proxy {
    /// Its address, without user and password.
    pub uri: http::Uri,
    /// `Proxy-Authorization`, if its address had a user.
    pub auth: Option<http::HeaderValue>,
}

/// What wraps a connector in TLS.
pub(super) type Wrap<'a> = &'a dyn Fn(Dial) -> Result<Dial, kube::Error>;

/// A way over the network. `wrap` puts TLS around a connector; it is also needed to reach a
/// proxy that speaks TLS itself.
pub(super) fn network(proxy: Option<&Proxy>, wrap: Wrap<'_>) -> Result<Dial, kube::Error> {
    let Some(proxy) = proxy else { return Ok(dial(tcp())) };
    let tunnel = |inner: Dial| {
        let tunnel = Tunnel::new(proxy.uri.clone(), inner);
        match &proxy.auth {
            Some(value) => tunnel.with_auth(value.clone()),
            None => tunnel,
        }
    };
    Ok(match proxy.uri.scheme_str() {
        Some("http") => dial(tunnel(dial(tcp()))),
        Some("https") => dial(tunnel(wrap(dial(tcp()))?)),
        Some("socks5" | "socks5h") => dial(SocksV5::new(proxy.uri.clone(), tcp())),
        _ => return Err(kube::Error::ProxyProtocolUnsupported { proxy_url: Box::new(proxy.uri.clone()) }),
    })
}

/// Puts TLS around a connector by a kube configuration.
pub(super) fn tls(config: &kube::Config, inner: Dial) -> Result<Dial, kube::Error> {
    use kube::client::ConfigExt as _;
    Ok(dial(config.rustls_https_connector_with_connector(inner)?))
}

/// Makes the client's end of a pipe whose other end a server inside this process reads.
pub(super) type Pipe = Arc<dyn Fn() -> DuplexStream + Send + Sync>;

/// A way to a server inside this process.
pub(super) fn local(make: Pipe) -> Dial {
    BoxCloneSyncService::new(tower::service_fn(move |_: http::Uri| {
        let io = Wire::new(TokioIo::new(make()));
        std::future::ready(Ok::<_, BoxError>(io))
    }))
}
