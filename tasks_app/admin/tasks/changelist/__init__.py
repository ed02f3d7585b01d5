"""The list of tasks: any of millions is reached in a bounded time."""
