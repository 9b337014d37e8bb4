"""Struct layouts: from C text or BTF to one model, overlays, probes, hazards, headers."""
