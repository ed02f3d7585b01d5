"""Messages of the wire as pydantic models; no I/O. PROTOCOL.md is their manual."""
