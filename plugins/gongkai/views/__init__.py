"""What one template may see: frozen texts, numbers and site addresses, nothing to decide."""
