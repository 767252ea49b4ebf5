"""An answer in a file that can be checked later."""
