"""Questions that are answered each in the way of their kind."""
