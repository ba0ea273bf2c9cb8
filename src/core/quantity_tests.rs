use super::*;
use proptest::prelude::*;

#[test]
fn every_suffix() {
    for (text, nanos) in [
        ("1n", 1),
        ("1u", 1_000),
        ("250m", 250_000_000),
        ("2", 2_000_000_000),
        ("+2", 2_000_000_000),
        ("-2", -2_000_000_000),
        ("1.5", 1_500_000_000),
        (".5", 500_000_000),
        ("5.", 5_000_000_000),
        ("1k", 1_000 * NANO),
        ("1Ki", 1024 * NANO),
        ("1.5Gi", 1_610_612_736 * NANO),
        ("1M", 1_000_000 * NANO),
        ("1G", 1_000_000_000 * NANO),
        ("1T", 1_000_000_000_000 * NANO),
        ("1P", 1_000_000_000_000_000 * NANO),
        ("1E", 1_000_000_000_000_000_000 * NANO),
        ("1Ei", (1 << 60) * NANO),
        ("1e3", 1_000 * NANO),
        ("1E3", 1_000 * NANO),
        ("12e-3", 12_000_000),
        ("0", 0),
        ("0.0000000001", 1),
        ("0e999", 0),
    ] {
        assert_eq!(Quantity::parse(text).map(Quantity::nanos), Some(nanos), "{text}");
    }
}

#[test]
fn what_is_not_a_quantity() {
    for bad in ["", "-", ".", "m", "1.2.3", "1 Gi", "1gi", "1e", "1ee3", "0x1", "1Gi ", "١"] {
        assert_eq!(Quantity::parse(bad), None, "{bad:?}");
    }
}

#[test]
fn rounding_is_the_apis() {
    let q = |t| Quantity::parse(t).unwrap();
    assert_eq!(q("291440430n").milli(), 292);
    assert_eq!(q("1n").milli(), 1);
    assert_eq!(q("-1n").milli(), -1);
    assert_eq!(q("1500m").whole(), 2);
    assert_eq!(q("1748132Ki").whole(), 1_790_087_168);
    assert_eq!(q("99999E").whole(), i64::MAX);
    assert_eq!(q(&"9".repeat(500)).whole(), i64::MAX);
}

proptest! {
    #[test]
    fn printing_and_reading_is_the_identity(nanos in any::<i64>()) {
        let q = Quantity::from_nanos(i128::from(nanos));
        prop_assert_eq!(Quantity::parse(&q.to_string()), Some(q));
    }

    #[test]
    fn milli_and_bytes_round_trip(n in 0_i64..1 << 40) {
        prop_assert_eq!(Quantity::parse(&format!("{n}m")).unwrap().milli(), n);
        prop_assert_eq!(Quantity::parse(&format!("{n}Ki")).unwrap().whole(), n * 1024);
        prop_assert_eq!(Quantity::parse(&format!("{n}")).unwrap().whole(), n);
    }

    #[test]
    fn order_is_kept(a in 0_i64..1 << 40, b in 0_i64..1 << 40) {
        let q = |n: i64| Quantity::parse(&format!("{n}m")).unwrap();
        prop_assert_eq!(a.cmp(&b), q(a).cmp(&q(b)));
    }

    #[test]
    fn no_text_panics(text in "\\PC*") {
        let _ = Quantity::parse(&text);
    }

    #[test]
    fn no_near_quantity_panics(text in "[+-]?[0-9.]{0,40}[a-zA-Z]{0,2}[+-]?[0-9]{0,6}") {
        let _ = Quantity::parse(&text);
    }
}
