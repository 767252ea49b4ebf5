"""Text into sentences, passages, quotes, and comparable words."""
