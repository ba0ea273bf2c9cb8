//! Services, `EndpointSlices` and Ingresses.

use serde_json::Value;

use super::super::object::{int, list, text};
use super::Moment;
use super::cell::{age, labels, name, or, some};

pub(crate) fn service(o: &Value, m: Moment) -> Vec<Value> {
    let ports: Vec<String> = list(o, "spec/ports")
        .iter()
        .map(|p| match int(p, "nodePort") {
            0 => format!("{}/{}", int(p, "port"), or(p, "protocol", "TCP")),
            node => format!("{}:{node}/{}", int(p, "port"), or(p, "protocol", "TCP")),
        })
        .collect();
    let balanced: Vec<&str> = list(o, "status/loadBalancer/ingress").iter().map(|i| text(i, "ip")).collect();
    let external = match text(o, "spec/type") {
        "LoadBalancer" if balanced.is_empty() => "<pending>".to_owned(),
        "LoadBalancer" => balanced.join(","),
        "ExternalName" => text(o, "spec/externalName").to_owned(),
        _ => "<none>".to_owned(),
    };
    vec![
        name(o),
        text(o, "spec/type").into(),
        or(o, "spec/clusterIP", "<none>").into(),
        external.into(),
        if ports.is_empty() { "<none>".to_owned() } else { ports.join(",") }.into(),
        age(o, m),
        labels(o, "spec/selector"),
    ]
}

pub(crate) fn endpoint_slice(o: &Value, m: Moment) -> Vec<Value> {
    let ports: Vec<String> = list(o, "ports").iter().map(|p| int(p, "port").to_string()).collect();
    let endpoints = list(o, "endpoints").iter().flat_map(|e| list(e, "addresses"));
    let endpoints: Vec<String> = endpoints.filter_map(Value::as_str).map(str::to_owned).collect();
    vec![name(o), text(o, "addressType").into(), some(&ports).into(), some(&endpoints).into(), age(o, m)]
}

pub(crate) fn ingress(o: &Value, m: Moment) -> Vec<Value> {
    let hosts: Vec<String> = list(o, "spec/rules").iter().map(|r| text(r, "host").to_owned()).collect();
    let address: Vec<&str> = list(o, "status/loadBalancer/ingress").iter().map(|i| text(i, "ip")).collect();
    let ports = if list(o, "spec/tls").is_empty() { "80" } else { "80, 443" };
    vec![
        name(o),
        or(o, "spec/ingressClassName", "<none>").into(),
        if hosts.is_empty() { "*".to_owned() } else { some(&hosts) }.into(),
        address.join(",").into(),
        ports.into(),
        age(o, m),
    ]
}
