"""MkDocs plugins: options and events in, calls to the pipeline out."""
