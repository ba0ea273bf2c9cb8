//! SPDY/3.1, as far as Kubernetes' upgraded connections use it: frames, the blocks of headers that
//! open streams, and the side that opens them. There is no flow control in it but that of the
//! connection below: a stream that nobody reads holds up the others in the end.

mod client;
mod frame;
mod headers;
mod output;

#[cfg(test)]
mod tests;

pub use client::{Client, Gone, Input, Opened};
pub use frame::{Frame, read};
pub use headers::Writer;
pub use output::{Output, QUEUE};
