//! Field numbers of metadata, lists and errors, as Kubernetes' `generated.proto` has them: the fields the demo's objects use.

use super::super::encode::Schema;
use super::super::encode::Type::{Bool, Fields, Int, Map, Msg, Str, Time};

pub(crate) const OWNER_REFERENCE: Schema = &[
    (1, "kind", Str),
    (3, "name", Str),
    (4, "uid", Str),
    (5, "apiVersion", Str),
    (6, "controller", Bool),
    (7, "blockOwnerDeletion", Bool),
];

pub(crate) const MANAGED_FIELDS_ENTRY: Schema = &[
    (1, "manager", Str),
    (2, "operation", Str),
    (3, "apiVersion", Str),
    (4, "time", Time),
    (6, "fieldsType", Str),
    (7, "fieldsV1", Fields),
    (8, "subresource", Str),
];

pub(crate) const OBJECT_META: Schema = &[
    (1, "name", Str),
    (2, "generateName", Str),
    (3, "namespace", Str),
    (5, "uid", Str),
    (6, "resourceVersion", Str),
    (7, "generation", Int),
    (8, "creationTimestamp", Time),
    (9, "deletionTimestamp", Time),
    (10, "deletionGracePeriodSeconds", Int),
    (11, "labels", Map),
    (12, "annotations", Map),
    (13, "ownerReferences", Msg(OWNER_REFERENCE)),
    (14, "finalizers", Str),
    (17, "managedFields", Msg(MANAGED_FIELDS_ENTRY)),
];

pub(crate) const LIST_META: Schema =
    &[(2, "resourceVersion", Str), (3, "continue", Str), (4, "remainingItemCount", Int)];

pub(crate) const STATUS_CAUSE: Schema = &[(1, "reason", Str), (2, "message", Str), (3, "field", Str)];

pub(crate) const STATUS_DETAILS: Schema = &[
    (1, "name", Str),
    (2, "group", Str),
    (3, "kind", Str),
    (4, "causes", Msg(STATUS_CAUSE)),
    (5, "retryAfterSeconds", Int),
];

pub(crate) const STATUS: Schema = &[
    (1, "metadata", Msg(LIST_META)),
    (2, "status", Str),
    (3, "message", Str),
    (4, "reason", Str),
    (5, "details", Msg(STATUS_DETAILS)),
    (6, "code", Int),
];

pub(crate) const LABEL_SELECTOR: Schema = &[(1, "matchLabels", Map)];
