"""Views into artifacts: an address and its bytes."""
