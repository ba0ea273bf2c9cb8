use super::*;

#[test]
fn sizes_are_nodes_and_pods() {
    assert_eq!("5000x100000".parse(), Ok(Size { nodes: 5_000, pods: 100_000 }));
    assert_eq!("1X0".parse(), Ok(Size { nodes: 1, pods: 0 }));
    for bad in ["", "x", "5", "5x", "0x5", "5x-1", "+5x5", "5x5x5", "20001x1", "1x1000001", "9999999999x1"] {
        let why = bad.parse::<Size>().expect_err(bad);
        assert!(why.contains("100x3000"), "{why}");
    }
    assert_eq!(Size { nodes: 2, pods: 3 }.to_string(), "2x3");
}

#[test]
fn timeouts_are_written_as_kubectl_takes_them() {
    let table = [("30s", 30_000), ("1m30s", 90_000), ("500ms", 500), ("2h", 7_200_000), ("15", 15_000)];
    for (text, ms) in table {
        assert_eq!(timeout(text), Ok(Timeout(Some(Duration::from_millis(ms)))), "{text}");
    }
    for none in ["0", "0s"] {
        assert_eq!(timeout(none), Ok(Timeout(None)));
    }
    for bad in ["", "s", "5x", "-1s", "1.5s", "1m30", "99999999999s", "5 s", "ms", "5sm"] {
        assert!(timeout(bad).is_err(), "{bad}");
    }
}

#[test]
fn only_loopback_is_served() {
    assert!(loopback("127.0.0.1:0").is_ok() && loopback("[::1]:8001").is_ok());
    for bad in ["0.0.0.0:80", "10.0.0.1:80", "localhost", "127.0.0.1", ":80", ""] {
        assert!(loopback(bad).is_err(), "{bad}");
    }
}

#[test]
fn rates_are_finite() {
    assert_eq!(rate("0.5"), Ok(0.5));
    for bad in ["-1", "NaN", "inf", "x", "1e9"] {
        assert!(rate(bad).is_err(), "{bad}");
    }
}

#[test]
fn speeds_are_numbers_or_max() {
    assert_eq!(tempo("max"), Ok(Tempo::AtOnce));
    assert_eq!(tempo("2.5"), Ok(Tempo::Times(2.5)));
    for bad in ["", "0", "-1", "fast", "NaN", "inf", "1001"] {
        assert!(tempo(bad).is_err(), "{bad}");
    }
}
