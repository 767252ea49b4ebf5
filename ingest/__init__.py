"""Turns files into articles, articles into passages, passages into an index: the library on disk."""
