//! Compression of the streams that the band writes.

use std::cell::Cell;

use flate2::{Compress, Compression, FlushCompress, Status};
use lopdf::{Dictionary, ObjectId};

use crate::pdf::Update;

/// The window of the compressor: 4 kB.
const WINDOW_BITS: u8 = 12;

/// Shorter streams are written as they are: to set the compressor back costs more than the bytes it wins.
const WORTH_IT: usize = 300;

thread_local! {
    /// The compressor of this worker between two documents.
    static IDLE: Cell<Option<Compress>> = const { Cell::new(None) };
}

/// A compressor for many small streams: to set one up costs more than to use it, so a worker keeps
/// its own from one document to the next.
pub(super) struct Deflater {
    /// There until it is dropped.
    compress: Option<Compress>,
}

impl Deflater {
    pub(super) fn new() -> Self {
        // What is written here are digits and a few operators: higher levels take several times as
        // long to win some bytes. Nor is there anything to find further back than this window.
        let fresh = || Compress::new_with_window_bits(Compression::fast(), true, WINDOW_BITS);
        Self {
            compress: Some(IDLE.take().unwrap_or_else(fresh)),
        }
    }

    /// Adds `plain` as a stream with `/FlateDecode`.
    pub(super) fn add(
        &mut self,
        update: &mut Update<'_>,
        mut dictionary: Dictionary,
        plain: &[u8],
    ) -> ObjectId {
        let worth_it = plain.len() >= WORTH_IT;
        match worth_it.then(|| self.deflate(plain)).flatten() {
            Some(encoded) => {
                dictionary.set("Filter", "FlateDecode");
                update.add_stream(dictionary, encoded)
            }
            // Compressing in memory does not fail; if it did, the bytes would serve as they are.
            None => update.add_stream(dictionary, plain.to_vec()),
        }
    }

    fn deflate(&mut self, plain: &[u8]) -> Option<Vec<u8>> {
        let compress = self.compress.as_mut()?;
        compress.reset();
        let mut encoded = Vec::with_capacity(plain.len() / 2 + 128);
        loop {
            let read = usize::try_from(compress.total_in()).ok()?;
            let status = compress
                .compress_vec(plain.get(read..)?, &mut encoded, FlushCompress::Finish)
                .ok()?;
            if status == Status::StreamEnd {
                return Some(encoded);
            }
            encoded.reserve(encoded.capacity());
        }
    }
}

impl Drop for Deflater {
    fn drop(&mut self) {
        IDLE.set(self.compress.take());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn every_stream_inflates_to_what_it_was() {
        let mut deflater = Deflater::new();
        let mut seed = 7u32;
        for length in [0, 1, 100, 5_000, 200_000] {
            let plain: Vec<u8> = std::iter::repeat_with(|| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 24) as u8
            })
            .take(length)
            .collect();
            let encoded = deflater.deflate(&plain).unwrap();
            let mut back = Vec::new();
            flate2::read::ZlibDecoder::new(encoded.as_slice())
                .read_to_end(&mut back)
                .unwrap();
            assert_eq!(back, plain);
        }
    }
}
