"""Shows answers: in the terminal and on a page. Decides nothing."""
