"""What is derived from the truth to search it: words in tantivy, vectors in Chroma."""
