use super::super::segment::Segment;
use super::super::segments::Held;
use super::*;
use proptest::prelude::*;
use std::sync::Arc;

fn segment(segments: &mut Segments, stream: u16, turn: i64, times: &[i64]) -> u32 {
    let mut lines = Segment::default();
    times.iter().for_each(|t| lines.push(*t, b"x"));
    segments.push(Held { lines: Arc::new(lines), stream, turn, late: Vec::new() })
}

fn times(order: &Order, segments: &Segments) -> Vec<i64> {
    order.from(0).map(|id| segments.key(id).0).collect()
}

#[test]
fn lines_of_one_stream_cost_a_run() {
    let mut segments = Segments::default();
    let times: Vec<i64> = (0..200_000).collect();
    let a = segment(&mut segments, 0, 0, &times);
    let mut order = Order::default();
    for i in 0..200 {
        order.put_range(&segments, a, i * 1_000..(i + 1) * 1_000);
    }
    assert_eq!(order.len(), 200_000);
    assert!(order.size() < 200, "{}", order.size());
    assert_eq!(order.get(123_456), Some(LineId { segment: a, line: 123_456 }));
}

#[test]
fn older_lines_stand_before_those_of_the_same_time() {
    let mut segments = Segments::default();
    let now = segment(&mut segments, 0, 0, &[5, 5, 6]);
    let older = segment(&mut segments, 0, -1, &[4, 5]);
    let mut order = Order::default();
    order.put_range(&segments, now, 0..3);
    order.put_range(&segments, older, 0..2);
    let lines: Vec<_> = order.from(0).map(|id| (id.segment, id.line)).collect();
    assert_eq!(lines, [(older, 0), (older, 1), (now, 0), (now, 1), (now, 2)]);
}

proptest! {
    #[test]
    fn order_is_that_of_a_sorted_list(streams in proptest::collection::vec(proptest::collection::vec(0_i64..50, 1..80), 1..12), cut in 1_usize..9, gone in 0_usize..12) {
        let mut segments = Segments::default();
        let numbers: Vec<(u32, usize)> = streams.iter().enumerate().map(|(i, times)| {
            let mut times = times.clone();
            times.sort_unstable();
            (segment(&mut segments, i as u16, 0, &times), times.len())
        }).collect();
        let mut order = Order::default();
        // In pieces, round robin, as streams arrive.
        for piece in 0..80_usize.div_ceil(cut) {
            for (number, len) in &numbers {
                let (from, to) = ((piece * cut).min(*len), ((piece + 1) * cut).min(*len));
                order.put_range(&segments, *number, from as u32..to as u32);
            }
        }
        let mut all: Vec<(i64, u16)> = streams.iter().enumerate().flat_map(|(i, t)| t.iter().map(move |t| (*t, i as u16))).collect();
        all.sort_unstable();
        let got: Vec<(i64, u16)> = order.from(0).map(|id| { let k = segments.key(id); (k.0, k.1) }).collect();
        prop_assert_eq!(&got, &all);
        prop_assert_eq!(order.len(), all.len());
        for (rank, id) in order.from(0).enumerate() {
            prop_assert_eq!(order.rank(&segments, segments.key(id)), rank);
            prop_assert_eq!(order.get(rank), Some(id));
        }
        let gone = gone % numbers.len();
        order.forget(&segments, numbers[gone].0);
        segments.remove(numbers[gone].0);
        let left: Vec<i64> = all.iter().filter(|l| usize::from(l.1) != gone).map(|l| l.0).collect();
        prop_assert_eq!(times(&order, &segments), left);
    }
}
