"""Values that every room may use: problems, places, digests, text."""
