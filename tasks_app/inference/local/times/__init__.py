"""Time expressions in Chinese and English short sentences.

`chinese` and `english` find atoms (明天, 早上, 七点), `assemble` joins neighbours into
expressions (明天早上七点), `resolve` reads an expression from a given now.
"""

from tasks_app.inference.local.times.finder import find_times
from tasks_app.inference.local.times.model import Kind, TimeSpan

__all__ = ["Kind", "TimeSpan", "find_times"]
