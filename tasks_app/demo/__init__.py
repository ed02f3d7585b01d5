"""A history that nobody lived, for trying and measuring."""

from tasks_app.demo.history import History, Plan
from tasks_app.demo.storing import create_reviewers, store

__all__ = ["History", "Plan", "create_reviewers", "store"]
