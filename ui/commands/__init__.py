"""The command `shawahid`."""
