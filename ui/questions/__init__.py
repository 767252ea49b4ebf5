"""Questions that are being answered, and the conversations they belong to."""
