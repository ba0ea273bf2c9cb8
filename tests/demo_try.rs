//! Serves the demo for a while; run by hand.
use quarterdeck::demo::{Cluster, Options, serve};
#[tokio::test(flavor = "multi_thread")]
#[ignore]
async fn serve_for_hand() {
    let n = |k: &str| std::env::var(k).ok();
    let options = Options {
        nodes: n("NODES").and_then(|v| v.parse().ok()),
        pods: n("PODS").and_then(|v| v.parse().ok()),
        speed: n("SPEED").and_then(|v| v.parse().ok()).unwrap_or(1.0),
        churn: n("CHURN").and_then(|v| v.parse().ok()).unwrap_or(0.0),
        faults: n("FAULTS").map(|f| f.parse().unwrap()).unwrap_or_default(),
        ..Options::default()
    };
    let t = std::time::Instant::now();
    let cluster = Cluster::start(options);
    eprintln!("started in {:?}", t.elapsed());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{}", n("PORT").unwrap_or("18080".into()))).await.unwrap();
    let _ = serve(cluster, listener).await;
}
