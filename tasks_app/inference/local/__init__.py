"""Understands short Chinese and English reminders by rules and word lists.

The words, checklists and sentences are TOML files in `data/`, to be extended by hand;
after a change run `python manage.py calibrate`.
"""

from tasks_app.inference.local.engine import LocalEngine, likely_type

__all__ = ["LocalEngine", "likely_type"]
