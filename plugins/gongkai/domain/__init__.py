"""Frozen values and what they can judge about themselves; no file, clock or network."""
