"""What answers a kind of question in its own way: a comparison of outlets, and who said it."""
