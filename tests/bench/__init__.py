"""The benchmark: generated sites of any size, measured beside Hugo."""
