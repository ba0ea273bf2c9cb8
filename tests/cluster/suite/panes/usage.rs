//! What is used agrees with `kubectl top` for the same sample.

use crate::console::{ROOMY, live, open};
use crate::judged::{containers, try_kubectl};
use crate::sheet::Sheet;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// A quantity as printed, in thousandths of a core or in bytes, and what its last digit is worth.
fn quantity(text: &str) -> Option<(f64, f64)> {
    let digits: String = text.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let unit = match &text[digits.len()..] {
        "m" => 1.0,
        "" => 1000.0,
        "Ki" => 1024.0,
        "Mi" => 1024.0 * 1024.0,
        "Gi" => 1024.0 * 1024.0 * 1024.0,
        "Ti" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    };
    let decimals = digits.split_once('.').map_or(0, |(_, d)| d.len());
    Some((digits.parse::<f64>().ok()? * unit, unit / 10f64.powi(decimals.try_into().ok()?)))
}

/// Whether two printed quantities can be of the same amount: kubectl rounds processor time up and
/// memory down to whole `m` and `Mi`, the console both to the nearest of the unit it chose.
fn same(a: &str, b: &str) -> bool {
    match (quantity(a), quantity(b)) {
        (Some((a, da)), Some((b, db))) => (a - b).abs() <= da.max(db),
        _ => false,
    }
}

/// Rows of what is used; those without a measurement have a dot.
fn used(sheet: &Sheet, cpu: &str, mem: &str) -> BTreeMap<String, (String, String)> {
    let cells = |row: &BTreeMap<String, String>| {
        let cell = |t: &str| row.get(t).cloned().unwrap_or_default();
        (Sheet::key(row, &["NAMESPACE", "NAME"]), (cell(cpu), cell(mem)))
    };
    sheet.rows.iter().map(cells).filter(|(_, (cpu, _))| cpu != "·").collect()
}

fn usage_agrees(line: &str, args: &[&str]) {
    let _containers = containers();
    let program = open("admin.conf", &["-A"], line, ROOMY);
    program.wait_for("a live pane", live);
    // Samples come each 15 seconds, and the console asks at moments of its own.
    let deadline = Instant::now() + Duration::from_secs(180);
    loop {
        // A young cluster has measured nothing yet, and kubectl says so by failing.
        let told = match try_kubectl(args) {
            Ok(text) => used(&Sheet::of_kubectl(&text), "CPU(cores)", "MEMORY(bytes)"),
            Err(why) => {
                assert!(Instant::now() < deadline, "kubectl {args:?} failed: {why}");
                std::thread::sleep(Duration::from_secs(1));
                continue;
            }
        };
        let mut shown = BTreeMap::new();
        let agreed = program.look_for(Duration::from_secs(2), |screen| {
            shown = used(&Sheet::of_screen(screen), "CPU", "MEM");
            let right = |(name, (cpu, mem)): (&String, &(String, String))| {
                shown.get(name).is_some_and(|(c, m)| same(cpu, c) && same(mem, m))
            };
            !told.is_empty() && told.keys().eq(shown.keys()) && told.iter().all(right)
        });
        if agreed {
            eprintln!("{args:?}: {} rows agree", told.len());
            return;
        }
        assert!(Instant::now() < deadline, "kubectl {args:?} says\n{told:#?}\nthe screen says\n{shown:#?}");
    }
}

#[test]
fn usage_of_nodes_agrees_with_kubectl_top() {
    usage_agrees(":nodes", &["top", "nodes"]);
}

#[test]
fn usage_of_pods_agrees_with_kubectl_top() {
    usage_agrees(":pods", &["top", "pods", "-A"]);
}
