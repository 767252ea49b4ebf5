"""Which articles belong together: near copies, and corrections with what they correct."""
