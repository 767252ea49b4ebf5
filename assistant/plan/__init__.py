"""How a question is understood: what is wanted, and of which articles, held against what the library really has."""
