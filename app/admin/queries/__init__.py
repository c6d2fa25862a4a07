"""Reads for the staff's pages, one module per desk; nothing here writes."""
