//! Services: `v1/services`.

use super::columns::Columns;
use super::meta::Meta;
use super::text::{List, Pairs, Str, or_default};
use super::{Row, Spec, decode_json};
use crate::core::health::Health;
use crate::core::row::Batch;
use crate::core::schema::{Schema, Show};
use crate::core::uid::Uid;
use serde::Deserialize;
use std::collections::BTreeSet;

/// The entry of the table.
pub const SPEC: Spec = Spec {
    group: "",
    plural: "services",
    schema,
    json: |bytes, batch| decode_json::<Service<'_>>("Service", bytes, batch),
    proto: None,
};

fn schema() -> Schema {
    Columns::namespaced()
        .name()
        .text("TYPE", Show::Always, "ClusterIP, NodePort, LoadBalancer or ExternalName")
        .text("CLUSTER-IP", Show::Room(2), "Address inside the cluster")
        .text("EXTERNAL-IP", Show::Room(3), "Addresses outside the cluster")
        .text("PORT(S)", Show::Always, "Ports, with node ports")
        .age()
        .text("SELECTOR", Show::Wide, "Labels of the pods behind it")
        .done()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Service<'a> {
    #[serde(borrow)]
    metadata: Meta<'a>,
    #[serde(borrow)]
    spec: ServiceSpec<'a>,
    #[serde(borrow)]
    status: Status<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ServiceSpec<'a> {
    #[serde(borrow, rename = "type")]
    kind: Str<'a>,
    #[serde(borrow, rename = "clusterIP")]
    cluster_ip: Str<'a>,
    #[serde(borrow, rename = "clusterIPs")]
    cluster_ips: List<Str<'a>>,
    #[serde(borrow, rename = "externalIPs")]
    external_ips: List<Str<'a>>,
    #[serde(borrow, rename = "externalName")]
    external_name: Str<'a>,
    #[serde(borrow)]
    ports: List<Port<'a>>,
    #[serde(borrow)]
    selector: Pairs<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Port<'a> {
    #[serde(rename = "port")]
    number: i64,
    #[serde(rename = "nodePort")]
    node: i64,
    #[serde(borrow)]
    protocol: Str<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Status<'a> {
    #[serde(borrow, deserialize_with = "or_default")]
    load_balancer: LoadBalancer<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct LoadBalancer<'a> {
    #[serde(borrow)]
    ingress: List<Ingress<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Ingress<'a> {
    #[serde(borrow)]
    ip: Str<'a>,
    #[serde(borrow)]
    hostname: Str<'a>,
}

const PENDING: &str = "<pending>";

impl Row for Service<'_> {
    fn meta(&self) -> &Meta<'_> {
        &self.metadata
    }

    fn put(&self, batch: &mut Batch) -> Uid {
        let external = self.external();
        let busy = external == PENDING || self.metadata.deleting();
        let head = self.metadata.head(if busy { Health::Busy } else { Health::Ok }, batch);
        let cluster = self.spec.cluster_ips.first().unwrap_or(&self.spec.cluster_ip);
        let (ports, selector) = (self.ports(), self.spec.selector.joined());
        let or_none = |text: &'static str, s: String| if s.is_empty() { text.to_owned() } else { s };
        let cells = [
            batch.text_cell(&self.spec.kind),
            batch.text_cell(cluster.or("<none>")),
            batch.text_cell(&external),
            batch.text_cell(&or_none("<none>", ports)),
            batch.text_cell(&or_none("<none>", selector)),
        ];
        batch.put(head, &cells);
        head.uid
    }
}

impl Service<'_> {
    // kubectl cuts long lists of balancer addresses when not wide; a table cuts for itself.
    fn external(&self) -> String {
        let own = self.spec.external_ips.iter().map(|s| &**s);
        let join = |all: Vec<&str>, empty: &str| if all.is_empty() { empty.to_owned() } else { all.join(",") };
        match &*self.spec.kind {
            "ClusterIP" | "NodePort" => join(own.collect(), "<none>"),
            "LoadBalancer" => {
                let given = self.status.load_balancer.ingress.iter();
                let given: BTreeSet<&str> = given.map(|i| i.ip.or(&i.hostname)).filter(|a| !a.is_empty()).collect();
                join(given.into_iter().chain(own).collect(), PENDING)
            }
            "ExternalName" => self.spec.external_name.to_string(),
            _ => "<unknown>".to_owned(),
        }
    }

    fn ports(&self) -> String {
        let printed = self.spec.ports.iter().map(|p| match p.node {
            0 => format!("{}/{}", p.number, &*p.protocol),
            node => format!("{}:{node}/{}", p.number, &*p.protocol),
        });
        printed.collect::<Vec<_>>().join(",")
    }
}
