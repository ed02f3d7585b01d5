"""Why `up` could not start."""


class StartError(Exception):
    """Its text says in one sentence what is wrong and what to do."""
