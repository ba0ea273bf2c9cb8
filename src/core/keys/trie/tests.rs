use super::*;
use crate::core::keys::syntax::parse_keys;

fn k(text: &str) -> Vec<Key> {
    parse_keys(text).expect("a key")
}

#[test]
fn a_sequence_is_found_step_by_step() {
    let mut trie = Trie::default();
    assert!(trie.bind(&k("\\ v"), Command::SplitRight).is_empty());
    assert!(trie.bind(&k("\\ s"), Command::SplitBelow).is_empty());
    assert!(matches!(trie.get(&k("\\")), Some(Node::Branch(_))));
    assert_eq!(trie.get(&k("\\ s")), Some(&Node::Leaf(Command::SplitBelow)));
    assert_eq!(trie.get(&k("\\ s x")), None);
    assert_eq!(trie.get(&[]), None);
}

#[test]
fn the_same_keys_are_replaced_without_a_word() {
    let mut trie = Trie::default();
    trie.bind(&k("g"), Command::Top);
    assert!(trie.bind(&k("g"), Command::Bottom).is_empty());
    assert_eq!(trie.bindings(), [(k("g"), Command::Bottom)]);
}

#[test]
fn a_clash_hands_back_what_is_lost() {
    let mut trie = Trie::default();
    trie.bind(&k("g g"), Command::Top);
    trie.bind(&k("g e"), Command::Bottom);
    assert_eq!(trie.bind(&k("g"), Command::Help), [(k("g g"), Command::Top), (k("g e"), Command::Bottom)]);
    assert_eq!(trie.bind(&k("g x"), Command::Wide), [(k("g"), Command::Help)]);
    assert_eq!(trie.bindings(), [(k("g x"), Command::Wide)]);
}

#[test]
fn unbinding_leaves_no_empty_branch() {
    let mut trie = Trie::default();
    trie.bind(&k("g g"), Command::Top);
    assert!(!trie.unbind(&k("g x")));
    assert!(!trie.unbind(&k("g g g")));
    assert!(trie.unbind(&k("g g")));
    assert_eq!(trie, Trie::default());
}
