use super::*;
use crate::core::act::testing::{self, HARD};
use crate::core::act::{Asked, Known};
use crate::core::input::Key;

fn edits() -> Edits {
    let action = testing::action(HARD).expect("the test's action");
    let place = crate::core::act::Where {
        cluster: crate::core::kind::ClusterId(1),
        context: "c".into(),
        server: "s".into(),
        protected: false,
    };
    let (values, known) = (Values::default(), Known::default());
    let asked = Asked { action: HARD, targets: Vec::new(), values, known, cordoned: Vec::new(), place, now: 0 };
    let form = (action.form)(&asked, &crate::core::act::Facts::default());
    let first = form.first();
    Edits::new(form, &first).expect("it has fields")
}

fn press(e: &mut Edits, code: KeyCode) -> Typed {
    e.take(&Input::Key(Key::plain(code)))
}

#[test]
fn a_form_begins_with_its_first_values_and_gives_them_back() {
    let e = edits();
    assert_eq!(e.values(), e.form.first());
    assert!(e.wrong.iter().all(Option::is_none));
}

#[test]
fn what_is_typed_is_checked_at_once_and_enter_goes_to_what_is_wrong() {
    let mut e = edits();
    press(&mut e, KeyCode::Char('x'));
    assert_eq!(e.wrong[0].as_deref(), Some("a number, not \"3x\""));
    press(&mut e, KeyCode::Tab);
    assert_eq!(press(&mut e, KeyCode::Enter), Typed::Taken);
    assert_eq!(e.at, 0, "back to the wrong field");
    press(&mut e, KeyCode::Backspace);
    assert_eq!(press(&mut e, KeyCode::Enter), Typed::Filled);
}

#[test]
fn switches_and_choices_take_keys_and_no_paste() {
    let mut e = edits();
    press(&mut e, KeyCode::Tab);
    assert_eq!(e.take(&Input::Paste("true".into())), Typed::NoPaste);
    press(&mut e, KeyCode::Char(' '));
    assert!(!e.values().flag("polish"));
    press(&mut e, KeyCode::Tab);
    assert_eq!(e.take(&Input::Paste("tin".into())), Typed::NoPaste);
    press(&mut e, KeyCode::Right);
    assert_eq!(e.values().text("metal"), "tin");
    press(&mut e, KeyCode::Right);
    assert_eq!(e.values().text("metal"), "iron", "around the end");
}

#[test]
fn lines_are_added_changed_and_removed() {
    let mut e = edits();
    press(&mut e, KeyCode::BackTab);
    for c in "bc".chars() {
        press(&mut e, KeyCode::Char(c));
    }
    assert_eq!(e.values().lines("marks"), ["maker=abc", "lot=7"]);
    press(&mut e, KeyCode::Down);
    for _ in 0..5 {
        press(&mut e, KeyCode::Backspace);
    }
    assert_eq!(e.values().lines("marks"), ["maker=abc"], "an emptied line is gone");
    press(&mut e, KeyCode::Down);
    e.take(&Input::Paste("a=b".into()));
    assert_eq!(e.values().lines("marks"), ["maker=abc", "a=b"]);
    press(&mut e, KeyCode::Down);
    press(&mut e, KeyCode::Down);
    assert_eq!(e.at, 0, "past the last line the next field has the keys");
}

#[test]
fn values_survive_as_texts() {
    let e = edits();
    for field in &e.form.fields {
        let given = &e.values().0[field.id];
        assert_eq!(&field.entry.read(&given.text().expect("nothing is private")), given, "{}", field.id);
    }
}

#[test]
fn what_is_private_is_edited_as_lines_and_has_no_text() {
    let keys = crate::core::plan::fields::line("keys", "keys", "", "", crate::core::plan::fields::anything);
    let keys = Field { entry: Entry::Private, first: Given::Private(Vec::new()), ..keys };
    let form = Form { fields: vec![keys], notes: Vec::new() };
    let mut e = Edits::new(form, &Values::default()).expect("it has fields");
    assert!(e.private());
    for c in "A=1".chars() {
        press(&mut e, KeyCode::Char(c));
    }
    press(&mut e, KeyCode::Down);
    press(&mut e, KeyCode::Char('B'));
    assert_eq!(e.values().lines("keys"), ["A=1", "B"]);
    assert!(e.values().texts().is_empty());
    assert!(!edits().private());
}
