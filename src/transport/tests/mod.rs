//! Faults, played by real sockets on loopback.
