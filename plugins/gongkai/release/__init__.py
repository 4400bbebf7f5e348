"""Artifacts into a published folder, whole or not at all, and the independent check of it."""
