//! The same and all of trust: a list opened, a refresh, a look-up, a refusal in words.

use std::hint::black_box;
use trust::update::{Limits, Updater};
use trust::{Hashed, Refusal, Time, Trusted};

fn main() {
    let bytes: Vec<u8> = black_box(Vec::from([0; 9]));
    black_box(format!("{} bytes", bytes.len()));
    if let Err(refusal) = all(&bytes) {
        black_box(refusal.to_string());
    }
}

fn all(bytes: &[u8]) -> Result<(), Refusal> {
    let packaged = Trusted::open(bytes, bytes)?;
    black_box(packaged.verify("a", Hashed::new(bytes.to_owned()))?);
    let mut updater = Updater::new(bytes, Time(black_box(0)), Limits::default())?.at_least(black_box(0));
    black_box(updater.start());
    while let Some(answer) = black_box(Some(Some(bytes.to_owned()))) {
        black_box(updater.answer(answer)?);
        black_box(updater.find("a")?);
    }
    black_box(updater.trusted()?);
    Ok(())
}
