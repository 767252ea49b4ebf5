"""The bundled embedder: multilingual-e5-small."""
