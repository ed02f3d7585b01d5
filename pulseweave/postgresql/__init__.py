"""A database backend; Django asks for `base` in it."""
