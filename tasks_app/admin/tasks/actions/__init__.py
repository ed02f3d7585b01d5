"""What staff may do to tasks, and the record of it."""
