//! public_suffixes
