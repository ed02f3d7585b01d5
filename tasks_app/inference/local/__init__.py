"""Understands short Chinese and English reminders by rules and word lists.

The words, checklists and sentences are TOML files in `data/`, to be extended by hand;
after a change run `python -m tasks_app.inference.local.calibrate`.
"""

from tasks_app.inference.local.engine import LocalEngine

__all__ = ["LocalEngine"]
