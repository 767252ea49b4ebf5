"""A sentence held against the words it cites."""
