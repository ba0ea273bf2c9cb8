//! Field numbers of what clients post as protobuf: access reviews and evictions, as Kubernetes' `generated.proto` has
//! them.

use super::super::encode::Schema;
use super::super::encode::Type::{Bool, Int, Msg, Str, Strs};
use super::meta::OBJECT_META;

const RESOURCE_ATTRIBUTES: Schema = &[
    (1, "namespace", Str),
    (2, "verb", Str),
    (3, "group", Str),
    (4, "version", Str),
    (5, "resource", Str),
    (6, "subresource", Str),
    (7, "name", Str),
];

const NON_RESOURCE_ATTRIBUTES: Schema = &[(1, "path", Str), (2, "verb", Str)];

const ACCESS_SPEC: Schema =
    &[(1, "resourceAttributes", Msg(RESOURCE_ATTRIBUTES)), (2, "nonResourceAttributes", Msg(NON_RESOURCE_ATTRIBUTES))];

const ACCESS_STATUS: Schema =
    &[(1, "allowed", Bool), (2, "reason", Str), (3, "evaluationError", Str), (4, "denied", Bool)];

const ACCESS: Schema =
    &[(1, "metadata", Msg(OBJECT_META)), (2, "spec", Msg(ACCESS_SPEC)), (3, "status", Msg(ACCESS_STATUS))];

const RESOURCE_RULE: Schema =
    &[(1, "verbs", Strs), (2, "apiGroups", Strs), (3, "resources", Strs), (4, "resourceNames", Strs)];

const NON_RESOURCE_RULE: Schema = &[(1, "verbs", Strs), (2, "nonResourceURLs", Strs)];

const RULES_SPEC: Schema = &[(1, "namespace", Str)];

const RULES_STATUS: Schema = &[
    (1, "resourceRules", Msg(RESOURCE_RULE)),
    (2, "nonResourceRules", Msg(NON_RESOURCE_RULE)),
    (3, "incomplete", Bool),
    (4, "evaluationError", Str),
];

const RULES: Schema =
    &[(1, "metadata", Msg(OBJECT_META)), (2, "spec", Msg(RULES_SPEC)), (3, "status", Msg(RULES_STATUS))];

const USER_INFO: Schema = &[(1, "username", Str), (2, "uid", Str), (3, "groups", Strs)];

const WHO_STATUS: Schema = &[(1, "userInfo", Msg(USER_INFO))];

const WHO: Schema = &[(1, "metadata", Msg(OBJECT_META)), (2, "status", Msg(WHO_STATUS))];

const PRECONDITIONS: Schema = &[(1, "uid", Str), (2, "resourceVersion", Str)];

const DELETE_OPTIONS: Schema = &[
    (1, "gracePeriodSeconds", Int),
    (2, "preconditions", Msg(PRECONDITIONS)),
    (3, "orphanDependents", Bool),
    (4, "propagationPolicy", Str),
    (5, "dryRun", Strs),
];

const EVICTION: Schema = &[(1, "metadata", Msg(OBJECT_META)), (2, "deleteOptions", Msg(DELETE_OPTIONS))];

/// What can be read, by kind.
pub(crate) const POSTED: &[(&str, Schema)] = &[
    ("SelfSubjectAccessReview", ACCESS),
    ("SelfSubjectRulesReview", RULES),
    ("SelfSubjectReview", WHO),
    ("Eviction", EVICTION),
    ("DeleteOptions", DELETE_OPTIONS),
];
