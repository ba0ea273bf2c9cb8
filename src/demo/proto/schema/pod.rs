//! Field numbers of pods, as Kubernetes' `generated.proto` has them: the fields the demo's objects use.

use super::super::encode::Schema;
use super::super::encode::Type::{Bool, Int, Map, Msg, Quantities, Str, Time};
use super::container::{CONTAINER, EPHEMERAL_CONTAINER, RESOURCE_REQUIREMENTS};
use super::meta::{LABEL_SELECTOR, OBJECT_META};
use super::volume::VOLUME;

pub(crate) const SECCOMP_PROFILE: Schema = &[(1, "type", Str)];

pub(crate) const POD_SECURITY_CONTEXT: Schema = &[
    (2, "runAsUser", Int),
    (3, "runAsNonRoot", Bool),
    (5, "fsGroup", Int),
    (10, "seccompProfile", Msg(SECCOMP_PROFILE)),
];

pub(crate) const NODE_SELECTOR_REQUIREMENT: Schema = &[(1, "key", Str), (2, "operator", Str), (3, "values", Str)];

pub(crate) const NODE_SELECTOR_TERM: Schema =
    &[(1, "matchExpressions", Msg(NODE_SELECTOR_REQUIREMENT)), (2, "matchFields", Msg(NODE_SELECTOR_REQUIREMENT))];

pub(crate) const NODE_SELECTOR: Schema = &[(1, "nodeSelectorTerms", Msg(NODE_SELECTOR_TERM))];

pub(crate) const NODE_AFFINITY: Schema = &[(1, "requiredDuringSchedulingIgnoredDuringExecution", Msg(NODE_SELECTOR))];

pub(crate) const AFFINITY: Schema = &[(1, "nodeAffinity", Msg(NODE_AFFINITY))];

pub(crate) const TOLERATION: Schema =
    &[(1, "key", Str), (2, "operator", Str), (3, "value", Str), (4, "effect", Str), (5, "tolerationSeconds", Int)];

pub(crate) const TOPOLOGY_SPREAD_CONSTRAINT: Schema = &[
    (1, "maxSkew", Int),
    (2, "topologyKey", Str),
    (3, "whenUnsatisfiable", Str),
    (4, "labelSelector", Msg(LABEL_SELECTOR)),
];

pub(crate) const POD_SPEC: Schema = &[
    (1, "volumes", Msg(VOLUME)),
    (2, "containers", Msg(CONTAINER)),
    (3, "restartPolicy", Str),
    (4, "terminationGracePeriodSeconds", Int),
    (6, "dnsPolicy", Str),
    (7, "nodeSelector", Map),
    (8, "serviceAccountName", Str),
    (9, "serviceAccount", Str),
    (10, "nodeName", Str),
    (11, "hostNetwork", Bool),
    (14, "securityContext", Msg(POD_SECURITY_CONTEXT)),
    (16, "hostname", Str),
    (17, "subdomain", Str),
    (18, "affinity", Msg(AFFINITY)),
    (19, "schedulerName", Str),
    (20, "initContainers", Msg(CONTAINER)),
    (22, "tolerations", Msg(TOLERATION)),
    (25, "priority", Int),
    (30, "enableServiceLinks", Bool),
    (31, "preemptionPolicy", Str),
    (33, "topologySpreadConstraints", Msg(TOPOLOGY_SPREAD_CONSTRAINT)),
    (34, "ephemeralContainers", Msg(EPHEMERAL_CONTAINER)),
];

pub(crate) const POD_CONDITION: Schema = &[
    (1, "type", Str),
    (2, "status", Str),
    (3, "lastProbeTime", Time),
    (4, "lastTransitionTime", Time),
    (5, "reason", Str),
    (6, "message", Str),
    (7, "observedGeneration", Int),
];

pub(crate) const CONTAINER_STATE_WAITING: Schema = &[(1, "reason", Str), (2, "message", Str)];

pub(crate) const CONTAINER_STATE_RUNNING: Schema = &[(1, "startedAt", Time)];

pub(crate) const CONTAINER_STATE_TERMINATED: Schema = &[
    (1, "exitCode", Int),
    (2, "signal", Int),
    (3, "reason", Str),
    (4, "message", Str),
    (5, "startedAt", Time),
    (6, "finishedAt", Time),
    (7, "containerID", Str),
];

pub(crate) const CONTAINER_STATE: Schema = &[
    (1, "waiting", Msg(CONTAINER_STATE_WAITING)),
    (2, "running", Msg(CONTAINER_STATE_RUNNING)),
    (3, "terminated", Msg(CONTAINER_STATE_TERMINATED)),
];

pub(crate) const VOLUME_MOUNT_STATUS: Schema =
    &[(1, "name", Str), (2, "mountPath", Str), (3, "readOnly", Bool), (4, "recursiveReadOnly", Str)];

pub(crate) const CONTAINER_STATUS: Schema = &[
    (1, "name", Str),
    (2, "state", Msg(CONTAINER_STATE)),
    (3, "lastState", Msg(CONTAINER_STATE)),
    (4, "ready", Bool),
    (5, "restartCount", Int),
    (6, "image", Str),
    (7, "imageID", Str),
    (8, "containerID", Str),
    (9, "started", Bool),
    (10, "allocatedResources", Quantities),
    (11, "resources", Msg(RESOURCE_REQUIREMENTS)),
    (12, "volumeMounts", Msg(VOLUME_MOUNT_STATUS)),
];

pub(crate) const POD_IP: Schema = &[(1, "ip", Str)];

pub(crate) const HOST_IP: Schema = &[(1, "ip", Str)];

pub(crate) const POD_STATUS: Schema = &[
    (1, "phase", Str),
    (2, "conditions", Msg(POD_CONDITION)),
    (3, "message", Str),
    (4, "reason", Str),
    (5, "hostIP", Str),
    (6, "podIP", Str),
    (7, "startTime", Time),
    (8, "containerStatuses", Msg(CONTAINER_STATUS)),
    (9, "qosClass", Str),
    (10, "initContainerStatuses", Msg(CONTAINER_STATUS)),
    (11, "nominatedNodeName", Str),
    (12, "podIPs", Msg(POD_IP)),
    (13, "ephemeralContainerStatuses", Msg(CONTAINER_STATUS)),
    (16, "hostIPs", Msg(HOST_IP)),
    (17, "observedGeneration", Int),
];

pub(crate) const POD: Schema =
    &[(1, "metadata", Msg(OBJECT_META)), (2, "spec", Msg(POD_SPEC)), (3, "status", Msg(POD_STATUS))];
