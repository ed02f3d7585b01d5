"""Time expressions in Chinese and English short sentences.

`chinese` and `english` find atoms (明天, 早上, 七点), `assemble` joins neighbours into
expressions (明天早上七点), `resolve` reads an expression from a given now.
"""

from tasks_app.inference.local.times.finder import find_times, lean_of
from tasks_app.inference.local.times.model import Kind, TimeSpan
from tasks_app.inference.local.times.resolve import Lean

__all__ = ["Kind", "Lean", "TimeSpan", "find_times", "lean_of"]
