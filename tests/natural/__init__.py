"""Natural questions over the demo articles and over newspapers, whose words are named by where they stand.

README.md tells where they come from, and which are kept apart.
"""
