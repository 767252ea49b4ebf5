"""Questions that the library can answer."""
