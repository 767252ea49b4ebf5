"""Dates and times read into values."""
