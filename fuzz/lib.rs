//! The properties that are fuzzed, and what they stand on: the attacks' repository.

#![allow(dead_code)]

#[path = "../publish/tests/attacks/hostile.rs"]
mod hostile;
#[path = "../publish/tests/attacks/repository.rs"]
mod repository;
#[path = "../publish/tests/attacks/script.rs"]
mod script;

#[path = "properties/answers.rs"]
pub mod answers;
#[path = "properties/canonical.rs"]
pub mod canonical;
#[path = "properties/metadata.rs"]
pub mod metadata;
