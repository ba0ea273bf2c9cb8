//! What containers say: lines made from the container and the time alone, so that any stretch of a log can be read
//! twice and is the same: plain, JSON, logfmt, stack traces, colours, CJK.

use serde_json::Value;

use super::clock::{Millis, SECOND, rfc3339};
use super::object::{list, text};
use super::rng::{Rng, hash};

/// One line with its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    at: Millis,
    nanos: u32,
    pub(crate) text: String,
}

impl Line {
    /// The time as the container runtime writes it.
    pub(crate) fn stamp(&self) -> String {
        let whole = rfc3339(self.at);
        format!("{}.{:09}Z", whole.trim_end_matches('Z'), self.nanos)
    }
}

/// How an image writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Json,
    Logfmt,
    Plain,
    Access,
    Trace,
    Colour,
}

/// Styles by a part of the image; everything else writes JSON.
const STYLES: &[(&str, Style)] = &[
    ("postgres", Style::Plain),
    ("redis", Style::Plain),
    ("rabbitmq", Style::Colour),
    ("gateway", Style::Access),
    ("/web:", Style::Access),
    ("payments", Style::Trace),
    ("checkout", Style::Trace),
    ("collector", Style::Logfmt),
    ("coredns", Style::Logfmt),
    ("kube-proxy", Style::Plain),
    ("price-sync", Style::Colour),
    ("mesh-proxy", Style::Access),
];

/// The log of one run of one container.
#[derive(Debug)]
pub(crate) struct Writer {
    key: u64,
    style: Style,
    service: String,
    start: Millis,
    end: Millis,
    killed: bool,
}

impl Writer {
    /// The log of the run from `start` to `end`.
    pub(crate) fn new(pod: &Value, container: &str, start: Millis, end: Millis, killed: bool) -> Self {
        let specs = list(pod, "spec/containers").iter().chain(list(pod, "spec/initContainers"));
        let image = specs.into_iter().find(|c| text(c, "name") == container).map_or("", |c| text(c, "image"));
        let style = STYLES.iter().find(|(part, _)| image.contains(part)).map_or(Style::Json, |(_, s)| *s);
        let key = hash(&format!("{}{container}{start}", text(pod, "metadata/uid")));
        Self { key, style, service: container.to_owned(), start, end, killed }
    }

    /// The lines after `from`, up to `until`.
    pub(crate) fn between(&self, from: Millis, until: Millis) -> Vec<Line> {
        let mut all = Vec::new();
        let mut second = from.max(self.start - 1) / SECOND;
        while second <= until / SECOND {
            for line in self.second(second) {
                let at = line.at + i64::from(line.nanos / 1_000_000);
                if at > from && at <= until && at >= self.start {
                    all.push(line);
                }
            }
            second += 1;
        }
        all
    }

    /// The lines of one second.
    fn second(&self, second: i64) -> Vec<Line> {
        let mut dice = Rng::new(self.key ^ second.cast_unsigned().wrapping_mul(0x9e37_79b9));
        let at = second * SECOND;
        let mut lines: Vec<String> = Vec::new();
        if second == self.start / SECOND {
            lines.push(self.say(&mut dice, "info", &format!("{} starting", self.service)));
            lines.push(self.say(&mut dice, "info", "configuration loaded from /etc/app/app.yaml"));
        }
        match dice.below(10) {
            0..5 => {}
            5..9 => lines.push(self.ordinary(&mut dice)),
            _ => {
                for _ in 0..=dice.below(4) {
                    lines.push(self.ordinary(&mut dice));
                }
            }
        }
        if self.style == Style::Trace && dice.below(25) == 0 {
            lines.extend(trace(&mut dice));
        }
        if self.killed && self.end - at < 20 * SECOND && second % 3 == 0 {
            let left = (self.end - at) / 400;
            lines.push(self.say(
                &mut dice,
                "warn",
                &format!("heap is {}% of the limit, cache eviction cannot keep up", 99 - left.clamp(0, 60)),
            ));
        }
        let step = 999_000_000 / u32::try_from(lines.len().max(1)).unwrap_or(1);
        let mut nanos = 0;
        lines
            .into_iter()
            .map(|text| {
                nanos += 1 + u32::try_from(dice.below(u64::from(step))).unwrap_or(0);
                Line { at, nanos, text }
            })
            .collect()
    }

    fn ordinary(&self, dice: &mut Rng) -> String {
        const SAID: &[(&str, &str)] = &[
            ("info", "request served"),
            ("info", "request served"),
            ("info", "cache hit"),
            ("debug", "connection reused"),
            ("info", "order accepted · 注文を受け付けました"),
            ("info", "price updated · 价格已更新 ¥1,299"),
            ("warn", "slow query"),
            ("error", "upstream timed out, will retry"),
        ];
        let bound = if dice.below(6) == 0 { 8 } else { 6 };
        let pick = usize::try_from(dice.below(bound)).unwrap_or(0);
        let (level, message) = SAID[pick];
        if self.style == Style::Access {
            return access(dice);
        }
        self.say(dice, level, message)
    }

    fn say(&self, dice: &mut Rng, level: &str, message: &str) -> String {
        let (id, took) = (dice.hex(16), dice.below(480) + 1);
        match self.style {
            Style::Json | Style::Trace => format!(
                "{{\"level\":\"{level}\",\"service\":\"{}\",\"msg\":\"{message}\",\"trace_id\":\"{id}\",\"ms\":{took}}}",
                self.service
            ),
            Style::Logfmt => {
                format!("level={level} component={} msg=\"{message}\" trace={id} duration={took}ms", self.service)
            }
            Style::Plain | Style::Access => format!("[{}] {}: {message} ({took} ms)", &id[..4], level.to_uppercase()),
            Style::Colour => {
                let colour = match level {
                    "error" => 31,
                    "warn" => 33,
                    "debug" => 90,
                    _ => 32,
                };
                format!(
                    "\x1b[{colour}m{:<5}\x1b[0m \x1b[1m{}\x1b[0m {message} \x1b[2m{took}ms\x1b[0m",
                    level.to_uppercase(),
                    self.service
                )
            }
        }
    }
}

fn access(dice: &mut Rng) -> String {
    const PATHS: &[&str] =
        &["/", "/cart", "/api/v2/items?page=3", "/search?q=%E8%8C%B6", "/checkout", "/static/app.js"];
    const CODES: &[u32] = &[200, 200, 200, 200, 204, 301, 304, 404, 499, 502];
    let pick = |dice: &mut Rng, n: usize| usize::try_from(dice.below(n as u64)).unwrap_or(0);
    let (path, code) = (PATHS[pick(dice, PATHS.len())], CODES[pick(dice, CODES.len())]);
    format!(
        "10.{}.{}.{} - - \"GET {path} HTTP/1.1\" {code} {} 0.{:03} \"shop-app/8.1\"",
        128 + dice.below(3),
        dice.below(250),
        10 + dice.below(200),
        dice.below(60_000),
        dice.below(900)
    )
}

fn trace(dice: &mut Rng) -> Vec<String> {
    let id = dice.below(90_000) + 10_000;
    vec![
        format!("java.lang.IllegalStateException: payment {id} has no authorisation"),
        "\tat example.shop.pay.Ledger.settle(Ledger.java:214)".to_owned(),
        "\tat example.shop.pay.Flow.lambda$run$3(Flow.java:88)".to_owned(),
        "\tat java.base/java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1144)".to_owned(),
        "Caused by: java.net.SocketTimeoutException: Read timed out".to_owned(),
        "\t... 12 more".to_owned(),
    ]
}
