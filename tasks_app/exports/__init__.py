"""Tasks as a file that is sent while it is read, whatever their number."""

from tasks_app.exports.formats import FORMATS
from tasks_app.exports.stream import Export

__all__ = ["FORMATS", "Export"]
