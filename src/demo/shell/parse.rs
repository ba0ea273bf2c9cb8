//! The grammar of the tiny shell: lists, pipes, redirections, `if`, `while`, `until`, `for`, groups.

use super::lex::{Token, lex};

/// A word before its variables are known.
pub(super) type Word = Vec<Part>;

/// A part of a word; what stood in quotes is neither split nor matched against files.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    Text(String, bool),
    Variable(String, bool),
    Command(Node, bool),
    /// `$((...))`.
    Sum(String),
}

/// Why a text is no command.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Trouble {
    /// More lines may make it one.
    Unfinished,
    Bad(String),
}

/// A stream led elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Redirect {
    pub(super) fd: u8,
    pub(super) how: &'static str,
    pub(super) to: Word,
}

/// When a part of a list runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    Then,
    And,
    Or,
}

/// A command.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Simple {
        assigns: Vec<(String, Word)>,
        words: Vec<Word>,
    },
    /// Any command with its streams led elsewhere.
    Redirected(Box<Node>, Vec<Redirect>),
    Pipe(Vec<Node>),
    Not(Box<Node>),
    List(Vec<(Join, Node)>),
    /// In parentheses: what it changes stays inside.
    Subshell(Box<Node>),
    If {
        cases: Vec<(Node, Node)>,
        otherwise: Option<Box<Node>>,
    },
    /// `while`, or `until` when the truth wanted is false.
    While {
        wanted: bool,
        test: Box<Node>,
        body: Box<Node>,
    },
    For {
        name: String,
        words: Vec<Word>,
        body: Box<Node>,
    },
}

/// Words that end or begin a compound.
const RESERVED: &[&str] = &["then", "else", "elif", "fi", "do", "done", "}", "in"];

/// Reads a text.
pub(super) fn parse(text: &str) -> Result<Node, Trouble> {
    let mut parser = Parser { tokens: lex(text)?, at: 0 };
    let list = parser.list()?;
    match parser.peek() {
        None => Ok(list),
        Some(token) => Err(Trouble::Bad(format!("syntax error: unexpected {}", name(token)))),
    }
}

fn name(token: &Token) -> String {
    match token {
        Token::Operator("\n") => "newline".to_owned(),
        Token::Operator(op) | Token::Redirect(_, op) => format!("\"{op}\""),
        Token::Word(word) => plain(word).map_or_else(|| "word".to_owned(), |w| format!("\"{w}\"")),
    }
}

/// The text of a word without quotes or variables.
fn plain(word: &Word) -> Option<&str> {
    match word.as_slice() {
        [Part::Text(text, false)] => Some(text),
        _ => None,
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn operator(&mut self, wanted: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Operator(op)) if *op == wanted);
        self.at += usize::from(found);
        found
    }

    fn keyword(&self) -> Option<&str> {
        match self.peek() {
            Some(Token::Word(word)) => plain(word),
            _ => None,
        }
    }

    fn eat(&mut self, word: &str) -> bool {
        let found = self.keyword() == Some(word);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, word: &str) -> Result<(), Trouble> {
        if self.eat(word) {
            return Ok(());
        }
        self.peek().map_or(Err(Trouble::Unfinished), |t| {
            Err(Trouble::Bad(format!("syntax error: unexpected {} (expecting \"{word}\")", name(t))))
        })
    }

    fn lines(&mut self) {
        while self.operator("\n") || self.operator(";") {}
    }

    fn list(&mut self) -> Result<Node, Trouble> {
        let (mut all, mut join) = (Vec::new(), Join::Then);
        loop {
            if join == Join::Then {
                self.lines();
            } else {
                while self.operator("\n") {}
            }
            let ended = match self.peek() {
                None | Some(Token::Operator(")")) => true,
                Some(Token::Word(_)) => self.keyword().is_some_and(|k| RESERVED.contains(&k)),
                _ => false,
            };
            if ended {
                return if join == Join::Then { Ok(Node::List(all)) } else { Err(Trouble::Unfinished) };
            }
            all.push((join, self.pipe()?));
            join = if self.operator("&&") {
                Join::And
            } else if self.operator("||") {
                Join::Or
            } else if self.operator(";") || self.operator("\n") {
                Join::Then
            } else {
                return Ok(Node::List(all));
            };
        }
    }

    fn pipe(&mut self) -> Result<Node, Trouble> {
        if self.eat("!") {
            return Ok(Node::Not(Box::new(self.pipe()?)));
        }
        let mut stages = vec![self.command()?];
        while self.operator("|") {
            while self.operator("\n") {}
            if self.peek().is_none() {
                return Err(Trouble::Unfinished);
            }
            stages.push(self.command()?);
        }
        Ok(if stages.len() == 1 { stages.remove(0) } else { Node::Pipe(stages) })
    }

    fn command(&mut self) -> Result<Node, Trouble> {
        let keyword = self.keyword().map(str::to_owned);
        let node = match keyword.as_deref() {
            Some("if") => self.branches()?,
            Some(word @ ("while" | "until")) => {
                let wanted = word == "while";
                self.at += 1;
                let test = Box::new(self.list()?);
                Node::While { wanted, test, body: Box::new(self.body()?) }
            }
            Some("for") => self.each()?,
            Some("{") => {
                self.at += 1;
                let list = self.list()?;
                self.expect("}")?;
                list
            }
            _ if self.operator("(") => {
                let list = self.list()?;
                if !self.operator(")") {
                    return Err(Trouble::Unfinished);
                }
                Node::Subshell(Box::new(list))
            }
            _ => return self.simple(),
        };
        let mut redirects = Vec::new();
        while let Some(redirect) = self.redirect()? {
            redirects.push(redirect);
        }
        Ok(if redirects.is_empty() { node } else { Node::Redirected(Box::new(node), redirects) })
    }

    fn body(&mut self) -> Result<Node, Trouble> {
        self.expect("do")?;
        let list = self.list()?;
        self.expect("done")?;
        Ok(list)
    }

    fn branches(&mut self) -> Result<Node, Trouble> {
        let (mut cases, mut otherwise) = (Vec::new(), None);
        while self.eat("if") || self.eat("elif") {
            let test = self.list()?;
            self.expect("then")?;
            cases.push((test, self.list()?));
        }
        if self.eat("else") {
            otherwise = Some(Box::new(self.list()?));
        }
        self.expect("fi")?;
        Ok(Node::If { cases, otherwise })
    }

    fn each(&mut self) -> Result<Node, Trouble> {
        self.at += 1;
        let name = self.keyword().ok_or(Trouble::Unfinished)?.to_owned();
        self.at += 1;
        self.expect("in")?;
        let mut words = Vec::new();
        while let Some(Token::Word(word)) = self.peek() {
            words.push(word.clone());
            self.at += 1;
        }
        self.lines();
        Ok(Node::For { name, words, body: Box::new(self.body()?) })
    }

    fn redirect(&mut self) -> Result<Option<Redirect>, Trouble> {
        let Some(Token::Redirect(fd, how)) = self.peek().cloned() else { return Ok(None) };
        self.at += 1;
        let Some(Token::Word(to)) = self.peek().cloned() else { return Err(Trouble::Unfinished) };
        self.at += 1;
        Ok(Some(Redirect { fd, how, to }))
    }

    fn simple(&mut self) -> Result<Node, Trouble> {
        let (mut assigns, mut words, mut redirects) = (Vec::new(), Vec::new(), Vec::new());
        loop {
            if let Some(redirect) = self.redirect()? {
                redirects.push(redirect);
                continue;
            }
            let Some(Token::Word(word)) = self.peek() else { break };
            match assignment(word).filter(|_| words.is_empty()) {
                Some(assign) => assigns.push(assign),
                None => words.push(word.clone()),
            }
            self.at += 1;
        }
        if assigns.is_empty() && words.is_empty() && redirects.is_empty() {
            return self.peek().map_or(Err(Trouble::Unfinished), |t| {
                Err(Trouble::Bad(format!("syntax error: unexpected {}", name(t))))
            });
        }
        let node = Node::Simple { assigns, words };
        Ok(if redirects.is_empty() { node } else { Node::Redirected(Box::new(node), redirects) })
    }
}

/// `NAME=VALUE` in front of a command.
fn assignment(word: &Word) -> Option<(String, Word)> {
    let Some(Part::Text(first, false)) = word.first() else { return None };
    let (name, value) = first.split_once('=')?;
    let good = !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !good {
        return None;
    }
    let mut rest = vec![Part::Text(value.to_owned(), false)];
    rest.extend(word[1..].iter().cloned());
    Some((name.to_owned(), rest))
}
