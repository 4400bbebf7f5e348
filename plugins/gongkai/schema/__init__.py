"""Field declarations into JSON Schema and reference pages."""
