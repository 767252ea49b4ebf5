"""Arabic and English read into values: words, numbers, units, names, who speaks, yes or no."""
