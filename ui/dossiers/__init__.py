"""A dossier as Markdown and as HTML."""
