"""Shows answers: in the terminal, on a page, over HTTP. Decides nothing."""
