"""Pail beside its peers on this machine: see ../README.md."""
