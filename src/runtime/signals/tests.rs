//! Signals sent to this very process.

use super::{Signal, Signals};
use rustix::process::{Signal as Raw, getpid, kill_process};

#[tokio::test]
async fn each_signal_is_told() {
    let mut signals = Signals::listen().unwrap();
    let table = [
        (Raw::TERM, Signal::Terminate),
        (Raw::HUP, Signal::HangUp),
        (Raw::INT, Signal::Interrupt),
        (Raw::CONT, Signal::Continue),
        (Raw::WINCH, Signal::Resize),
    ];
    for (raw, want) in table {
        kill_process(getpid(), raw).unwrap();
        assert_eq!(signals.next().await, want);
    }
}
