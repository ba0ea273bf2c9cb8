//! The names of what is measured: one for every pod of a cluster, so they lie one behind the other
//! instead of each in an allocation of its own.

/// Bytes of a page.
const PAGE: usize = 1 << 16;
/// Packing copies all names, so it waits until at least so many bytes are waste.
const PACK_FROM: usize = 1 << 18;

/// Where a name lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NameId {
    page: u32,
    at: u16,
    len: u16,
}

/// Names.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    pages: Vec<String>,
    bytes: usize,
    waste: usize,
}

impl Names {
    /// Keeps a name. No object's name is longer than 253 bytes; what is beyond a page is cut off.
    pub fn add(&mut self, name: &str) -> NameId {
        let name = name.get(..name.floor_char_boundary(PAGE / 2)).unwrap_or_default();
        if self.pages.last().is_none_or(|p| p.len() + name.len() >= PAGE) {
            // The first page grows as it is needed: most clusters are small.
            let room = if self.pages.is_empty() { 0 } else { PAGE };
            self.pages.push(String::with_capacity(room));
        }
        let page = self.pages.len() - 1;
        let text = &mut self.pages[page];
        let id = NameId { page: page as u32, at: text.len() as u16, len: name.len() as u16 };
        text.push_str(name);
        self.bytes += name.len();
        id
    }

    /// A name.
    pub fn get(&self, id: NameId) -> &str {
        let at = usize::from(id.at);
        self.pages.get(id.page as usize).and_then(|p| p.get(at..at + usize::from(id.len))).unwrap_or_default()
    }

    /// A name is not used any more.
    pub fn drop(&mut self, id: NameId) {
        self.waste += usize::from(id.len);
    }

    /// Packs the names that are in use if most are not. Cheap to call often.
    pub fn tidy<'a>(&mut self, used: impl Iterator<Item = &'a mut NameId>) {
        if self.waste < PACK_FROM || self.waste * 2 < self.bytes {
            return;
        }
        let mut packed = Self::default();
        for id in used {
            *id = packed.add(self.get(*id));
        }
        *self = packed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_again_before_and_after_packing() {
        let mut names = Names::default();
        let mut ids: Vec<NameId> = (0..20_000).map(|i| names.add(&format!("front-{i:05}-日本"))).collect();
        assert!(names.pages.len() > 2);
        let gone = ids.split_off(500);
        gone.iter().for_each(|id| names.drop(*id));
        names.tidy(ids.iter_mut());
        assert_eq!((names.pages.len(), names.waste), (1, 0));
        assert!(ids.iter().enumerate().all(|(i, id)| names.get(*id) == format!("front-{i:05}-日本")));
        let long = "x".repeat(100_000);
        let id = names.add(&long);
        assert_eq!(names.get(id).len(), PAGE / 2, "no name of an object is that long");
    }
}
