//! Importers: what each format says, and what becomes of it.

mod formats;

mod proposals;

mod squatted;
