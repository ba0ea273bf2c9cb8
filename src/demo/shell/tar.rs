//! Tar archives, as far as files and directories go: ustar written; ustar, GNU long names and pax paths read.

use bytes::Bytes;

use super::files::{Node, What};
use super::pipe::Input;

const BLOCK: usize = 512;
/// The largest file that is taken.
const LARGEST: usize = 256 << 20;

/// A file or directory from an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) name: String,
    pub(super) folder: bool,
    pub(super) mode: u32,
    pub(super) data: Bytes,
}

/// Writes a node with all below it.
pub(super) fn pack(name: &str, node: &Node, out: &mut Vec<u8>) {
    match &node.what {
        What::File(data) => {
            header(name, node, data.len(), b'0', out);
            out.extend_from_slice(data);
            fill(out);
        }
        What::Directory(all) => {
            header(&format!("{}/", name.trim_end_matches('/')), node, 0, b'5', out);
            for (inner, child) in all {
                pack(&format!("{}/{inner}", name.trim_end_matches('/')), child, out);
            }
        }
    }
}

/// Ends an archive.
pub(super) fn end(out: &mut Vec<u8>) {
    out.resize(out.len() + 2 * BLOCK, 0);
}

fn fill(out: &mut Vec<u8>) {
    out.resize(out.len().next_multiple_of(BLOCK), 0);
}

fn header(name: &str, node: &Node, size: usize, kind: u8, out: &mut Vec<u8>) {
    if name.len() > 100 {
        // A name of its own before the file: how GNU tar writes long ones.
        let long = Node::file(Bytes::new(), 0, 0);
        raw("././@LongLink", &long, name.len() + 1, b'L', out);
        out.extend_from_slice(name.as_bytes());
        out.push(0);
        fill(out);
    }
    let cut = (0..=name.len().min(100)).rev().find(|i| name.is_char_boundary(*i)).unwrap_or(0);
    raw(&name[..cut], node, size, kind, out);
}

fn raw(name: &str, node: &Node, size: usize, kind: u8, out: &mut Vec<u8>) {
    let mut block = [0_u8; BLOCK];
    let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, name.as_bytes());
    put(100, format!("{:07o}\0", node.mode).as_bytes());
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{size:011o}\0").as_bytes());
    put(136, format!("{:011o}\0", node.time.max(0) / 1_000).as_bytes());
    put(148, b"        ");
    put(156, &[kind]);
    put(257, b"ustar\x0000");
    put(265, b"root");
    put(297, b"root");
    let sum: u32 = block.iter().map(|b| u32::from(*b)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    out.extend_from_slice(&block);
}

/// The next file or directory; nothing at the end.
pub(super) async fn next(input: &mut Input) -> Result<Option<Item>, &'static str> {
    let mut long = None;
    loop {
        let block = input.exactly(BLOCK).await;
        if block.is_empty() || block.iter().all(|b| *b == 0) {
            return Ok(None);
        }
        if block.len() < BLOCK {
            return Err("short read");
        }
        let size = number(&block[124..136]).filter(|s| *s <= LARGEST).ok_or("invalid tar header")?;
        let mut data = input.exactly(size).await;
        if data.len() < size {
            return Err("short read");
        }
        let _ = input.exactly(size.next_multiple_of(BLOCK) - size).await;
        let kind = block[156];
        match kind {
            b'L' => long = Some(field(&data)),
            b'x' => long = pax(&data).or(long),
            b'0' | 0 | b'5' => {
                let (name, prefix) = (field(&block[..100]), field(&block[345..500]));
                let plain = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
                let name = long.take().unwrap_or(plain);
                let mode = number(&block[100..108]).and_then(|m| u32::try_from(m).ok()).unwrap_or(0o644);
                let folder = kind == b'5' || name.ends_with('/');
                if folder {
                    data.clear();
                }
                let name = name.trim_end_matches('/').to_owned();
                return Ok(Some(Item { name, folder, mode: mode & 0o777, data: data.into() }));
            }
            // Links and devices are passed over.
            _ => long = None,
        }
    }
}

fn field(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

fn number(bytes: &[u8]) -> Option<usize> {
    let text = field(bytes);
    let text = text.trim_matches([' ', '\0']);
    if text.is_empty() { Some(0) } else { usize::from_str_radix(text, 8).ok() }
}

/// The path of a pax header: lines of `LENGTH KEY=VALUE`.
fn pax(data: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(data);
    let mut rest: &str = &text;
    while let Some((length, _)) = rest.split_once(' ') {
        let length: usize = length.parse().ok()?;
        let line = rest.get(length.to_string().len() + 1..length)?;
        if let Some(path) = line.strip_prefix("path=") {
            return Some(path.trim_end_matches('\n').to_owned());
        }
        rest = rest.get(length..)?;
    }
    None
}
