//! What the configuration means for the transport.
