"""Files of content/ into located values; the only room that reads what editors write."""
