use super::*;
use crate::core::kind::{ClusterId, Kind};
use crate::core::value::CellKind;

fn schema() -> Schema {
    let column = |title: &str, source, show| Column::new(title, CellKind::Text, source, show, "");
    let columns = vec![
        column("NAMESPACE", Source::Namespace, Show::Always),
        column("NAME", Source::Name, Show::Always),
        column("STATUS", Source::Cell(0), Show::Always),
        column("NODE", Source::Cell(1), Show::Room(8)),
        column("IP", Source::Cell(2), Show::Wide),
        column("PHASE", Source::Cell(3), Show::Hidden),
        column("APP", Source::Label("app".into()), Show::Room(0)),
        column("TEAM", Source::Annotation("x.io/team".into(), 4), Show::Room(0)),
    ];
    Schema { columns, cells: 5 }
}

fn pane() -> TablePane {
    let kind = Kind {
        group: "".into(),
        version: "v1".into(),
        plural: "pods".into(),
        kind: "Pod".into(),
        singular: "pod".into(),
        short: Vec::new(),
        namespaced: true,
        verbs: Vec::new(),
        scale: false,
    };
    TablePane::new(ClusterId(1), Arc::new(kind), Scope::All)
}

fn picks(all: &[&str]) -> Vec<Pick> {
    all.iter().map(|p| Pick::parse(p).unwrap()).collect()
}

fn titles(t: &TablePane, picks: Option<&[Pick]>) -> String {
    let schema = schema();
    let all: Vec<&str> = shown(t, &schema, picks).into_iter().map(|i| schema.columns[i].title.as_ref()).collect();
    all.join(" ")
}

#[test]
fn picks_are_read_as_they_are_written() {
    for text in ["READY", "CPU%R", "LAST SEEN", "label:app", "annotation:x.io/team"] {
        assert_eq!(Pick::parse(text).unwrap().to_string(), text);
    }
    assert_eq!(Pick::parse(" ready ").unwrap(), Pick::Title("READY".into()));
    for bad in ["", "  ", "label:", "label:a b", "annotation:a/b/c", "foo:bar", "label:a\u{1b}b"] {
        assert!(Pick::parse(bad).unwrap_err().contains("label:KEY"), "{bad}");
    }
}

#[test]
fn without_picks_the_schema_decides() {
    let mut t = pane();
    assert_eq!(titles(&t, None), "NAMESPACE NAME STATUS NODE APP TEAM");
    t.wide = true;
    assert_eq!(titles(&t, None), "NAMESPACE NAME STATUS NODE IP APP TEAM");
}

#[test]
fn picks_decide_order_and_wide_adds_the_rest() {
    let mut t = pane();
    let chosen = picks(&["annotation:x.io/team", "PHASE", "NAME", "label:app", "NAME", "NOSUCH"]);
    assert_eq!(titles(&t, Some(&chosen)), "TEAM PHASE NAME APP");
    t.wide = true;
    assert_eq!(titles(&t, Some(&chosen)), "TEAM PHASE NAME APP NAMESPACE STATUS NODE IP");
    assert_eq!(titles(&pane(), Some(&picks(&["STATUS"]))), "NAME STATUS", "a row without its name is nobody's");
}

#[test]
fn what_the_title_says_has_no_column() {
    let mut t = pane();
    t.key.scope = Scope::Namespaces(vec!["shop".into()]);
    t.key.fields = "spec.nodeName=n-1".into();
    assert_eq!(titles(&t, None), "NAME STATUS APP TEAM");
    assert_eq!(titles(&t, Some(&picks(&["NAMESPACE", "NODE", "STATUS"]))), "NAME STATUS");
}

#[test]
fn scrolling_takes_from_the_left_and_leaves_the_name() {
    let s = schema();
    let all = [0, 1, 2, 3];
    assert_eq!(scrolled(&all, &s, 0), all);
    assert_eq!(scrolled(&all, &s, 2), [1, 3]);
    assert_eq!(scrolled(&all, &s, 99), [1]);
}

#[test]
fn titles_of_keys_are_short_unless_taken() {
    let s = schema();
    assert_eq!(title_for(&s, "app.kubernetes.io/part-of").as_ref(), "PART-OF");
    assert_eq!(title_for(&s, "app.kubernetes.io/name").as_ref(), "APP.KUBERNETES.IO/NAME");
}

#[test]
fn annotations_have_one_order() {
    let a = annotations(&picks(&["annotation:b", "NAME", "annotation:a", "annotation:b"]));
    assert_eq!(a.as_ref(), [Arc::from("a"), Arc::from("b")]);
    assert_eq!(labels(&picks(&["label:b", "label:a"])), [Arc::from("b"), Arc::from("a")]);
}
