"""The truth: one SQLite database."""
