//! What any program has: an entry, an allocator, text that is made.

use std::hint::black_box;

fn main() {
    let bytes: Vec<u8> = black_box(Vec::from([0; 9]));
    black_box(format!("{} bytes", bytes.len()));
}
