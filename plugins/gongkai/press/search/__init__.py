"""Search documents into the slices of an index that a browser puts together again."""
