"""The first page of the admin: how the service fares now, and in a period of time.

periods   which period the address asks for
figures   what became of its tasks: asks `reports`, and rollups wherever it can
tables    figures as tables, each number with the list of tasks that it counts
charts    figures as charts
live      the numbers of this moment
views     the index, and the two addresses that keep it fresh
"""
