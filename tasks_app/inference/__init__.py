"""Engines that understand a reminder, behind one interface (`contract.Engine`).

`registry` makes them, and imports only the one that it makes: each needs libraries
and data that no other process has a use for.
"""
