"""Rules across items, one file a family; ``judge`` runs them all and decides every state."""
