//! What stands over the panes, and text panes.

use super::world::*;
use super::{roles, text};
use crate::core::kind::ObjectRef;
use crate::core::line::Line;
use crate::core::modals::{Choice, Help, Item, Modal};
use crate::core::panes::Body;
use crate::core::panes::text::{Span, TextPane, What};
use crate::core::problem::Problem;
use crate::core::role::Role;
use crate::core::state::{State, Watched};
use std::sync::Arc;

fn item(text: &str, note: &str, problem: Option<&str>) -> Item {
    Item { text: text.into(), note: note.into(), problem: problem.map(Into::into) }
}

fn shown_at_three_sizes(name: &str, modal: &Modal) {
    for (w, h) in [(80, 24), (200, 60), (40, 12)] {
        let mut state = world(w, h);
        state.modal = Some(modal.clone());
        insta::assert_snapshot!(format!("{name}_{w}x{h}"), text(&state));
    }
}

#[test]
fn palette() {
    let choice = Choice {
        line: Line::new("po"),
        items: vec![
            item("pods", "Pod po", None),
            item("podtemplates", "PodTemplate", None),
            item("poddisruptionbudgets.policy", "PodDisruptionBudget pdb", None),
            item("top", "Usage as bars: top pods, top nodes.", None),
        ],
        at: 1,
        past: None,
    };
    shown_at_three_sizes("palette", &Modal::Palette(choice.clone()));
    let mut state = world(80, 24);
    state.modal = Some(Modal::Palette(choice));
    insta::assert_snapshot!("palette_roles", roles(&state));
    state.modal = Some(Modal::Palette(Choice { line: Line::new("nosuch"), ..Choice::default() }));
    insta::assert_snapshot!("palette_nothing", text(&state));
}

#[test]
fn pickers() {
    let items = vec![
        item("prod-eu", "https://prod-eu.example:6443", None),
        item("staging", "https://staging.example:6443", None),
        item("broken", "", Some("user `ci` is not in any kubeconfig file")),
    ];
    shown_at_three_sizes("contexts", &Modal::Contexts(Choice { items, at: 1, ..Choice::default() }));
    let mut items = vec![item("all namespaces", "", None)];
    items.extend((0..40).map(|i| item(&format!("team-{i}"), "Active", None)));
    let choice = Choice { items, at: 30, ..Choice::default() };
    shown_at_three_sizes("namespaces", &Modal::Namespaces(choice));
}

#[test]
fn help() {
    shown_at_three_sizes("help", &Modal::Help(Help::default()));
    let mut state = world(80, 24);
    state.modal = Some(Modal::Help(Help { line: Line::new("split"), top: 0 }));
    insta::assert_snapshot!("help_search", text(&state));
    state.modal = Some(Modal::Help(Help { line: Line::default(), top: 900 }));
    insta::assert_snapshot!("help_end", text(&state));
}

#[test]
fn message() {
    let lines: Vec<Arc<str>> = vec![
        "The user entry of this context runs `oidc-login`, which is not installed.".into(),
        "".into(),
        "Install it, or choose another context with :ctx.".into(),
    ];
    shown_at_three_sizes("message", &Modal::Message { title: "context broken".into(), lines });
}

fn yaml(state: &mut State, width: u16) {
    let cluster = state.active;
    let object = ObjectRef {
        cluster,
        kind: kind("", "pods", "Pod", "po", true),
        namespace: "shop".into(),
        name: "cart-7c9f6d-x2lqp".into(),
        uid: None,
    };
    let span = |text: &str, role: Role| Span { text: text.into(), role };
    let mut pane = TextPane::new(object.clone(), What::Yaml);
    pane.lines = vec![
        vec![span("apiVersion:", Role::TextKey), span(" v1", Role::TextValue)],
        vec![span("kind:", Role::TextKey), span(" Pod", Role::TextValue)],
        vec![span("metadata:", Role::TextKey)],
        vec![span("  name:", Role::TextKey), span(" cart-7c9f6d-x2lqp", Role::TextValue)],
        vec![span("  annotations:", Role::TextKey)],
        vec![
            span("    note:", Role::TextKey),
            span(" \"日本語 and a line that is longer than any pane of eighty cells can ever show\"", Role::TextValue),
        ],
    ];
    pane.lines
        .extend((0..60).map(|i| vec![span(&format!("  line{i}:"), Role::TextKey), span(" cart", Role::TextValue)]));
    pane.find.text = "cart".into();
    pane.hits = std::iter::once(3).chain(6..66).collect();
    pane.left = width;
    state.objects.insert(object, Watched::There(Arc::new(serde_json::Value::Null)));
    if let Some(p) = state.focused_mut() {
        p.go(Body::Text(Box::new(pane)));
    }
}

#[test]
fn text_pane() {
    for (w, h) in [(80, 24), (200, 60), (40, 12)] {
        let mut state = world(w, h);
        yaml(&mut state, 0);
        insta::assert_snapshot!(format!("yaml_{w}x{h}"), text(&state));
    }
    let mut state = world(80, 24);
    yaml(&mut state, 11);
    insta::assert_snapshot!("yaml_scrolled", text(&state));
    insta::assert_snapshot!("yaml_roles", roles(&state));
    if let Some(Body::Text(t)) = state.focused_mut().map(|p| &mut p.body) {
        (t.top, t.left) = (20, 0);
        t.find.line = Some(Line::new("cart"));
    }
    insta::assert_snapshot!("yaml_find", text(&state));
}

#[test]
fn text_pane_of_an_object_that_cannot_be_read_or_is_gone() {
    let mut state = world(80, 24);
    yaml(&mut state, 0);
    for watched in state.objects.values_mut() {
        *watched = Watched::Gone(None);
    }
    insta::assert_snapshot!("yaml_gone", text(&state));
    if let Some(Body::Text(t)) = state.focused_mut().map(|p| &mut p.body) {
        t.lines.clear();
    }
    for watched in state.objects.values_mut() {
        *watched = Watched::Failed(Problem::Timeout("https://prod-eu.example:6443".into()), None);
    }
    insta::assert_snapshot!("yaml_failed", text(&state));
    state.objects.clear();
    insta::assert_snapshot!("yaml_reading", text(&state));
}

#[test]
fn status() {
    use crate::core::kind::ClusterId;
    use crate::core::msg::{Msg, News};
    use crate::core::status::{About, Traffic};
    for (w, h) in [(80, 24), (200, 60), (40, 12)] {
        let mut state = world(w, h);
        state.about = About {
            version: "1.2.3".into(),
            log: Some("/home/ops/.local/state/quarterdeck/qd.log".into()),
            kubeconfig: vec!["/home/ops/.kube/config".into(), "/home/ops/.kube/staging".into()],
            recording: None,
            started: state.now - 3_725_000,
        };
        state.memory = Some(48 << 20);
        let (id, now): (ClusterId, i64) = (state.active, state.now);
        for second in 0..=10_u64 {
            let at = now - 10_000 + second.cast_signed() * 1_000;
            let traffic = Traffic { at, requests: 41 + second, bytes: 1_200_000 + second * 2_048 };
            crate::core::update::update(&mut state, Msg::Cluster(id, News::Traffic(traffic)));
        }
        state.modal = Some(Modal::Status(0));
        insta::assert_snapshot!(format!("status_{w}x{h}"), text(&state));
    }
}
