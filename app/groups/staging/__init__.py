"""The import workbench: an uploaded sheet is staged row by row, mended on the page, and then taken in."""
