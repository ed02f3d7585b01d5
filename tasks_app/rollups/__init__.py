"""Sums over history: how final tasks come to be counted in hours, once each."""

from tasks_app.rollups.aggregation import roll_up, roll_up_for, roll_up_new
from tasks_app.rollups.histogram import PERCENTILES, Histogram
from tasks_app.rollups.hours import begin_of_hour, hour_of

__all__ = [
    "PERCENTILES",
    "Histogram",
    "begin_of_hour",
    "hour_of",
    "roll_up",
    "roll_up_for",
    "roll_up_new",
]
