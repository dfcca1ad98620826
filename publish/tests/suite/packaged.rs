//! packaged
