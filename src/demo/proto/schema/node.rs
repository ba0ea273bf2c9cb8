//! Field numbers of nodes and events, as Kubernetes' `generated.proto` has them: the fields the demo's objects use.

use super::super::encode::Schema;
use super::super::encode::Type::{Bool, Int, Msg, Quantities, Str, Time};
use super::meta::OBJECT_META;

pub(crate) const TAINT: Schema = &[(1, "key", Str), (2, "value", Str), (3, "effect", Str), (4, "timeAdded", Time)];

pub(crate) const NODE_SPEC: Schema = &[
    (1, "podCIDR", Str),
    (3, "providerID", Str),
    (4, "unschedulable", Bool),
    (5, "taints", Msg(TAINT)),
    (7, "podCIDRs", Str),
];

pub(crate) const NODE_CONDITION: Schema = &[
    (1, "type", Str),
    (2, "status", Str),
    (3, "lastHeartbeatTime", Time),
    (4, "lastTransitionTime", Time),
    (5, "reason", Str),
    (6, "message", Str),
];

pub(crate) const NODE_ADDRESS: Schema = &[(1, "type", Str), (2, "address", Str)];

pub(crate) const DAEMON_ENDPOINT: Schema = &[(1, "Port", Int)];

pub(crate) const NODE_DAEMON_ENDPOINTS: Schema = &[(1, "kubeletEndpoint", Msg(DAEMON_ENDPOINT))];

pub(crate) const NODE_SYSTEM_INFO: Schema = &[
    (1, "machineID", Str),
    (2, "systemUUID", Str),
    (3, "bootID", Str),
    (4, "kernelVersion", Str),
    (5, "osImage", Str),
    (6, "containerRuntimeVersion", Str),
    (7, "kubeletVersion", Str),
    (8, "kubeProxyVersion", Str),
    (9, "operatingSystem", Str),
    (10, "architecture", Str),
];

pub(crate) const CONTAINER_IMAGE: Schema = &[(1, "names", Str), (2, "sizeBytes", Int)];

pub(crate) const NODE_STATUS: Schema = &[
    (1, "capacity", Quantities),
    (2, "allocatable", Quantities),
    (4, "conditions", Msg(NODE_CONDITION)),
    (5, "addresses", Msg(NODE_ADDRESS)),
    (6, "daemonEndpoints", Msg(NODE_DAEMON_ENDPOINTS)),
    (7, "nodeInfo", Msg(NODE_SYSTEM_INFO)),
    (8, "images", Msg(CONTAINER_IMAGE)),
];

pub(crate) const NODE: Schema =
    &[(1, "metadata", Msg(OBJECT_META)), (2, "spec", Msg(NODE_SPEC)), (3, "status", Msg(NODE_STATUS))];

pub(crate) const OBJECT_REFERENCE: Schema = &[
    (1, "kind", Str),
    (2, "namespace", Str),
    (3, "name", Str),
    (4, "uid", Str),
    (5, "apiVersion", Str),
    (6, "resourceVersion", Str),
    (7, "fieldPath", Str),
];

pub(crate) const EVENT_SOURCE: Schema = &[(1, "component", Str), (2, "host", Str)];

pub(crate) const EVENT_SERIES: Schema = &[(1, "count", Int), (2, "lastObservedTime", Time)];

pub(crate) const EVENT: Schema = &[
    (1, "metadata", Msg(OBJECT_META)),
    (2, "involvedObject", Msg(OBJECT_REFERENCE)),
    (3, "reason", Str),
    (4, "message", Str),
    (5, "source", Msg(EVENT_SOURCE)),
    (6, "firstTimestamp", Time),
    (7, "lastTimestamp", Time),
    (8, "count", Int),
    (9, "type", Str),
    (10, "eventTime", Time),
    (11, "series", Msg(EVENT_SERIES)),
    (12, "action", Str),
    (14, "reportingComponent", Str),
    (15, "reportingInstance", Str),
];
