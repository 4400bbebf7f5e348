"""Machine-readable files: JSON, CSV, the sitemap."""
