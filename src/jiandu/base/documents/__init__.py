"""Paragraphs, tables and pictures in; Word in official layout (GB/T 9704) out."""
