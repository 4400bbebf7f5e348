"""A judged corpus into directory, lists, relations and search documents; pure functions."""
