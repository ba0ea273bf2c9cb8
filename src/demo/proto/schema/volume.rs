//! Field numbers of volumes, as Kubernetes' `generated.proto` has them: the fields the demo's objects use.

use super::super::encode::Schema;
use super::super::encode::Type::{Inline, Int, Msg, Quantity, Str};

pub(crate) const HOST_PATH_VOLUME_SOURCE: Schema = &[(1, "path", Str), (2, "type", Str)];

pub(crate) const EMPTY_DIR_VOLUME_SOURCE: Schema = &[(1, "medium", Str), (2, "sizeLimit", Quantity)];

pub(crate) const SECRET_VOLUME_SOURCE: Schema = &[(1, "secretName", Str), (3, "defaultMode", Int)];

pub(crate) const PERSISTENT_VOLUME_CLAIM_VOLUME_SOURCE: Schema = &[(1, "claimName", Str)];

pub(crate) const LOCAL_OBJECT_REFERENCE: Schema = &[(1, "name", Str)];

pub(crate) const CONFIG_MAP_VOLUME_SOURCE: Schema =
    &[(1, "localObjectReference", Inline(LOCAL_OBJECT_REFERENCE)), (3, "defaultMode", Int)];

pub(crate) const OBJECT_FIELD_SELECTOR: Schema = &[(1, "apiVersion", Str), (2, "fieldPath", Str)];

pub(crate) const DOWNWARD_APIVOLUME_FILE: Schema = &[(1, "path", Str), (2, "fieldRef", Msg(OBJECT_FIELD_SELECTOR))];

pub(crate) const DOWNWARD_APIPROJECTION: Schema = &[(1, "items", Msg(DOWNWARD_APIVOLUME_FILE))];

pub(crate) const KEY_TO_PATH: Schema = &[(1, "key", Str), (2, "path", Str)];

pub(crate) const CONFIG_MAP_PROJECTION: Schema =
    &[(1, "localObjectReference", Inline(LOCAL_OBJECT_REFERENCE)), (2, "items", Msg(KEY_TO_PATH))];

pub(crate) const SERVICE_ACCOUNT_TOKEN_PROJECTION: Schema = &[(2, "expirationSeconds", Int), (3, "path", Str)];

pub(crate) const VOLUME_PROJECTION: Schema = &[
    (2, "downwardAPI", Msg(DOWNWARD_APIPROJECTION)),
    (3, "configMap", Msg(CONFIG_MAP_PROJECTION)),
    (4, "serviceAccountToken", Msg(SERVICE_ACCOUNT_TOKEN_PROJECTION)),
];

pub(crate) const PROJECTED_VOLUME_SOURCE: Schema = &[(1, "sources", Msg(VOLUME_PROJECTION)), (2, "defaultMode", Int)];

pub(crate) const VOLUME_SOURCE: Schema = &[
    (1, "hostPath", Msg(HOST_PATH_VOLUME_SOURCE)),
    (2, "emptyDir", Msg(EMPTY_DIR_VOLUME_SOURCE)),
    (6, "secret", Msg(SECRET_VOLUME_SOURCE)),
    (10, "persistentVolumeClaim", Msg(PERSISTENT_VOLUME_CLAIM_VOLUME_SOURCE)),
    (19, "configMap", Msg(CONFIG_MAP_VOLUME_SOURCE)),
    (26, "projected", Msg(PROJECTED_VOLUME_SOURCE)),
];

pub(crate) const VOLUME: Schema = &[(1, "name", Str), (2, "volumeSource", Inline(VOLUME_SOURCE))];
