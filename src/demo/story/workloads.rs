//! What runs in the shop: one line a workload.

/// What a workload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    Deployment,
    StatefulSet,
    DaemonSet,
}

/// One workload.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Workload {
    pub(crate) sort: Sort,
    pub(crate) namespace: &'static str,
    pub(crate) name: &'static str,
    pub(crate) replicas: u32,
    pub(crate) image: &'static str,
    /// CPU in thousandths of a core, memory in MiB.
    pub(crate) cpu: u32,
    pub(crate) memory: u32,
    pub(crate) port: u16,
    /// A sidecar (a restartable init container) rides along.
    pub(crate) mesh: bool,
    /// The pods go to the data nodes.
    pub(crate) data: bool,
    /// Age in hours.
    pub(crate) age: i64,
}

const fn line(
    sort: Sort,
    namespace: &'static str,
    name: &'static str,
    replicas: u32,
    image: &'static str,
    (cpu, memory, port): (u32, u32, u16),
    age: i64,
) -> Workload {
    Workload { sort, namespace, name, replicas, image, cpu, memory, port, mesh: false, data: false, age }
}

use Sort::{DaemonSet as Ds, Deployment as D, StatefulSet as S};

const fn mesh(w: Workload) -> Workload {
    Workload { mesh: true, ..w }
}

const fn data(w: Workload) -> Workload {
    Workload { data: true, ..w }
}

/// The shop, about 150 pods with the batch jobs and the troubles.
pub(crate) const WORKLOADS: &[Workload] = &[
    mesh(line(D, "shop", "web", 8, "registry.shop.example/web:4.12.0", (150, 192, 8080), 400)),
    mesh(line(D, "shop", "cart", 6, "registry.shop.example/cart:2.4.1", (100, 160, 8080), 300)),
    mesh(line(D, "shop", "catalog", 6, "registry.shop.example/catalog:7.0.3", (200, 256, 8080), 700)),
    mesh(line(D, "shop", "search", 4, "registry.shop.example/search:1.19.2", (400, 768, 9200), 700)),
    line(D, "shop", "payments", 4, "registry.shop.example/payments:3.8.0", (120, 192, 8443), 90),
    line(D, "shop", "reviews", 3, "registry.shop.example/reviews:0.9.4", (60, 96, 8080), 55),
    line(D, "shop", "recommend", 2, "registry.shop.example/recommend:1.9.0", (200, 192, 8080), 6),
    line(D, "shop", "ledger", 2, "registry.shop.example/ledger:3.0.0-rc1", (80, 128, 8080), 2),
    line(D, "shop", "checkout", 4, "registry.shop.example/checkout:2.7.5", (150, 192, 8080), 1),
    line(D, "shop", "inventory", 4, "registry.shop.example/inventory:5.1.0", (120, 160, 8080), 260),
    line(D, "shop", "shipping", 3, "registry.shop.example/shipping:2.2.4", (80, 96, 8080), 120),
    line(D, "shop", "sessions", 3, "registry.shop.example/sessions:1.8.1", (60, 96, 8080), 410),
    line(D, "shop", "notify", 2, "registry.shop.example/notify:0.14.0", (40, 64, 8080), 75),
    line(D, "shop", "mail", 2, "registry.shop.example/mail:1.2.0", (30, 64, 2525), 900),
    line(D, "ingress", "gateway", 6, "registry.shop.example/gateway:1.31.1", (250, 192, 8443), 2_000),
    line(D, "ingress", "certs", 2, "registry.shop.example/certs:1.16.0", (20, 64, 9402), 2_000),
    data(line(S, "data", "postgres", 3, "docker.io/library/postgres:17.6", (500, 2_048, 5432), 2_200)),
    data(line(S, "data", "redis", 3, "docker.io/library/redis:8.2", (100, 512, 6379), 2_200)),
    data(line(S, "data", "queue", 3, "docker.io/library/rabbitmq:4.1", (200, 512, 5672), 1_500)),
    line(D, "observe", "collector", 3, "registry.shop.example/collector:0.135.0", (100, 256, 4317), 800),
    line(D, "observe", "dashboards", 2, "registry.shop.example/dashboards:12.1", (100, 192, 3000), 800),
    data(line(S, "observe", "metrics-store", 2, "registry.shop.example/metrics-store:3.5", (800, 4_096, 9090), 1_900)),
    line(Ds, "observe", "node-agent", 0, "registry.shop.example/node-agent:1.9.1", (25, 64, 9100), 2_200),
    line(Ds, "observe", "log-shipper", 0, "registry.shop.example/log-shipper:4.0.9", (50, 96, 2020), 2_200),
    line(Ds, "kube-system", "kube-proxy", 0, "registry.k8s.io/kube-proxy:v1.35.4", (50, 48, 10249), 2_200),
    line(Ds, "kube-system", "network", 0, "registry.shop.example/network:1.18.2", (100, 128, 9879), 2_200),
    line(D, "kube-system", "coredns", 3, "registry.k8s.io/coredns/coredns:v1.13.1", (100, 70, 53), 2_200),
    line(
        D,
        "kube-system",
        "metrics-server",
        2,
        "registry.k8s.io/metrics-server/metrics-server:v0.8.0",
        (100, 200, 10250),
        2_200,
    ),
    line(D, "staging", "web", 2, "registry.shop.example/web:4.13.0-beta.2", (50, 96, 8080), 30),
    line(D, "staging", "cart", 2, "registry.shop.example/cart:2.5.0-beta.1", (50, 96, 8080), 30),
    line(D, "staging", "trainer", 1, "registry.shop.example/trainer:0.3.0", (48_000, 262_144, 8080), 5),
];

/// The namespaces and their age in hours.
pub(crate) const NAMESPACES: &[(&str, i64)] = &[
    ("default", 2_200),
    ("kube-system", 2_200),
    ("kube-public", 2_200),
    ("kube-node-lease", 2_200),
    ("shop", 2_000),
    ("data", 2_200),
    ("ingress", 2_000),
    ("observe", 2_200),
    ("batch", 1_200),
    ("staging", 700),
    ("old-campaign", 1_400),
];
