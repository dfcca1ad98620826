//! whatwg
