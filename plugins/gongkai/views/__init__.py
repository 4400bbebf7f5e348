"""What one template may see: frozen values of text, numbers and site addresses, nothing to decide."""
