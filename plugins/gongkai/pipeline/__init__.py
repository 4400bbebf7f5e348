"""A content folder into a corpus, artifacts and a release; the one room that knows all others."""
