"""Members of a group check what was entered about them, by a link of their own and without an account."""
