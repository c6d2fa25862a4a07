"""A leader's sheet: its columns, how its cells are read, and the template it is made from."""
