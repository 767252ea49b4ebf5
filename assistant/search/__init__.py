"""What is asked, and which words of the articles speak to it."""
