"""A simulated history, for trying and measuring."""

from tasks_app.demo.history import History, Plan
from tasks_app.demo.storage import create_reviewers, store

__all__ = ["History", "Plan", "create_reviewers", "store"]
