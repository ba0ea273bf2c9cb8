//! Field numbers of containers and their probes, as Kubernetes' `generated.proto` has them: the fields the demo's objects use.

use super::super::encode::Schema;
use super::super::encode::Type::{Bool, Inline, Int, IntOrStr, Msg, Quantities, Quantity, Str};
use super::volume::{LOCAL_OBJECT_REFERENCE, OBJECT_FIELD_SELECTOR};

pub(crate) const CONTAINER_PORT: Schema = &[(1, "name", Str), (3, "containerPort", Int), (4, "protocol", Str)];

pub(crate) const RESOURCE_FIELD_SELECTOR: Schema = &[(2, "resource", Str), (3, "divisor", Quantity)];

pub(crate) const CONFIG_MAP_KEY_SELECTOR: Schema =
    &[(1, "localObjectReference", Inline(LOCAL_OBJECT_REFERENCE)), (2, "key", Str)];

pub(crate) const SECRET_KEY_SELECTOR: Schema =
    &[(1, "localObjectReference", Inline(LOCAL_OBJECT_REFERENCE)), (2, "key", Str)];

pub(crate) const ENV_VAR_SOURCE: Schema = &[
    (1, "fieldRef", Msg(OBJECT_FIELD_SELECTOR)),
    (2, "resourceFieldRef", Msg(RESOURCE_FIELD_SELECTOR)),
    (3, "configMapKeyRef", Msg(CONFIG_MAP_KEY_SELECTOR)),
    (4, "secretKeyRef", Msg(SECRET_KEY_SELECTOR)),
];

pub(crate) const ENV_VAR: Schema = &[(1, "name", Str), (2, "value", Str), (3, "valueFrom", Msg(ENV_VAR_SOURCE))];

pub(crate) const RESOURCE_REQUIREMENTS: Schema = &[(1, "limits", Quantities), (2, "requests", Quantities)];

pub(crate) const VOLUME_MOUNT: Schema = &[(1, "name", Str), (2, "readOnly", Bool), (3, "mountPath", Str)];

pub(crate) const EXEC_ACTION: Schema = &[(1, "command", Str)];

pub(crate) const HTTPGET_ACTION: Schema = &[(1, "path", Str), (2, "port", IntOrStr), (4, "scheme", Str)];

pub(crate) const PROBE_HANDLER: Schema = &[(1, "exec", Msg(EXEC_ACTION)), (2, "httpGet", Msg(HTTPGET_ACTION))];

pub(crate) const PROBE: Schema = &[
    (1, "handler", Inline(PROBE_HANDLER)),
    (2, "initialDelaySeconds", Int),
    (3, "timeoutSeconds", Int),
    (4, "periodSeconds", Int),
    (5, "successThreshold", Int),
    (6, "failureThreshold", Int),
];

pub(crate) const CAPABILITIES: Schema = &[(2, "drop", Str)];

pub(crate) const SECURITY_CONTEXT: Schema = &[
    (1, "capabilities", Msg(CAPABILITIES)),
    (6, "readOnlyRootFilesystem", Bool),
    (7, "allowPrivilegeEscalation", Bool),
];

pub(crate) const CONTAINER_RESIZE_POLICY: Schema = &[(1, "resourceName", Str), (2, "restartPolicy", Str)];

pub(crate) const CONTAINER: Schema = &[
    (1, "name", Str),
    (2, "image", Str),
    (3, "command", Str),
    (4, "args", Str),
    (5, "workingDir", Str),
    (6, "ports", Msg(CONTAINER_PORT)),
    (7, "env", Msg(ENV_VAR)),
    (8, "resources", Msg(RESOURCE_REQUIREMENTS)),
    (9, "volumeMounts", Msg(VOLUME_MOUNT)),
    (10, "livenessProbe", Msg(PROBE)),
    (11, "readinessProbe", Msg(PROBE)),
    (13, "terminationMessagePath", Str),
    (14, "imagePullPolicy", Str),
    (15, "securityContext", Msg(SECURITY_CONTEXT)),
    (16, "stdin", Bool),
    (18, "tty", Bool),
    (20, "terminationMessagePolicy", Str),
    (22, "startupProbe", Msg(PROBE)),
    (23, "resizePolicy", Msg(CONTAINER_RESIZE_POLICY)),
    (24, "restartPolicy", Str),
];

pub(crate) const EPHEMERAL_CONTAINER_COMMON: Schema = &[
    (1, "name", Str),
    (2, "image", Str),
    (3, "command", Str),
    (4, "args", Str),
    (13, "terminationMessagePath", Str),
    (14, "imagePullPolicy", Str),
    (16, "stdin", Bool),
    (18, "tty", Bool),
    (20, "terminationMessagePolicy", Str),
];

pub(crate) const EPHEMERAL_CONTAINER: Schema =
    &[(1, "ephemeralContainerCommon", Inline(EPHEMERAL_CONTAINER_COMMON)), (2, "targetContainerName", Str)];
