//! Jobs and `CronJobs` of the shop.

use serde_json::{Value, json};

use super::super::clock::{MINUTE, Millis, rfc3339};
use super::super::kinds::CRONJOBS;
use super::super::life::jobs;
use super::super::object::text;
use super::super::world::{Hand, World};

const HELM: Hand = Hand { manager: "helm", sub: "" };

/// `CronJobs`: namespace, name, schedule, image.
const CRONS: &[(&str, &str, &str, &str)] = &[
    ("batch", "price-sync", "*/2 * * * *", "registry.shop.example/price-sync:1.4.2"),
    ("batch", "invoices", "*/15 * * * *", "registry.shop.example/invoices:2.0.1"),
    ("data", "postgres-nightly", "30 2 * * *", "registry.shop.example/pgdump:17"),
];

pub(crate) fn batch(world: &mut World, start: Millis) {
    for (namespace, name, schedule, image) in CRONS {
        world.pretend(Some(start - super::AGE / 2));
        let template = template(image);
        let cron = world.create(CRONJOBS, json!({"metadata": {"name": name, "namespace": namespace}, "spec": {
            "schedule": schedule, "concurrencyPolicy": "Forbid", "suspend": *name == "postgres-nightly",
            "jobTemplate": {"metadata": {}, "spec": {"template": template, "backoffLimit": 3}},
            "successfulJobsHistoryLimit": 3, "failedJobsHistoryLimit": 1
        }, "status": {"lastScheduleTime": rfc3339(start - MINUTE), "lastSuccessfulTime": rfc3339(start - MINUTE + 20_000)}}), HELM);
        if *namespace == "batch" {
            for ago in [5, 3, 1] {
                finished(world, &cron, start - ago * 2 * MINUTE);
            }
        }
    }
    world.pretend(Some(start - 50 * MINUTE));
    let job = jobs::job("batch", "catalog-reindex", &template("registry.shop.example/reindex:5.1.0"), 3, Value::Null);
    jobs::past(world, job, start - 50 * MINUTE, 95_000);
    world.pretend(Some(start - 20 * MINUTE));
    let mut job =
        jobs::job("batch", "stock-import", &template("registry.shop.example/stock-import:0.7.0"), 1, Value::Null);
    job["spec"]["backoffLimit"] = 2.into();
    jobs::failed(world, job, start - 20 * MINUTE);
}

fn finished(world: &mut World, cron: &Value, at: Millis) {
    world.pretend(Some(at));
    let name = format!("{}-{}", text(cron, "metadata/name"), at / MINUTE);
    let owner = super::build::owner("batch/v1", "CronJob", cron);
    let template = cron["spec"]["jobTemplate"]["spec"]["template"].clone();
    let job = jobs::job(text(cron, "metadata/namespace"), &name, &template, 1, owner);
    jobs::past(world, job, at, 21_000);
}

/// The template of a batch job.
pub(crate) fn template(image: &str) -> Value {
    let name = image.rsplit('/').next().and_then(|n| n.split(':').next()).unwrap_or("job");
    json!({"metadata": {"labels": {"app": name}}, "spec": {
        "containers": [{"name": name, "image": image, "command": ["/app/run"], "args": ["--once"],
            "env": [{"name": "BATCH_SIZE", "value": "500"}, {"name": "REGION", "value": "eu-west-1"}],
            "resources": {"requests": {"cpu": "200m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}},
            "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
            "imagePullPolicy": "IfNotPresent"}],
        "restartPolicy": "Never", "terminationGracePeriodSeconds": 30, "dnsPolicy": "ClusterFirst",
        "securityContext": {}, "schedulerName": "default-scheduler"
    }})
}
