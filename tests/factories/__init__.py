"""Makers of valid things; a test states only what matters to it."""
