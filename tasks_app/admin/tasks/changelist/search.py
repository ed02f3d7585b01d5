"""What staff search and filter the list of tasks by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.text import smart_split, unescape_string_literal

from tasks_app.models import EVENT_ID_LENGTH, Task, TaskQuerySet

_LONGEST_SEARCH = 200
"""Every word of a search is a condition, and a database takes only so many."""


@dataclass(frozen=True)
class Search:
    """The tasks that an identifier names, or those whose texts have all the words."""

    words: Sequence[str] = ()
    identified: Q | None = None

    def apply(self, tasks: TaskQuerySet) -> TaskQuerySet:
        if self.identified is not None:
            return tasks.filter(self.identified)
        for word in self.words:
            tasks = tasks.filter(text__icontains=word)
        return tasks


def parse_search(given: str) -> Search:
    """An id of a task, an event or an owner, if there is such a one; else words."""
    term = given.strip()
    identified = _identified(term)
    if identified is not None and Task.objects.filter(identified).exists():
        return Search(identified=identified)
    return Search(words=_words(given[:_LONGEST_SEARCH]))


def _identified(term: str) -> Q | None:
    """Each of these has its index."""
    if not term or len(term) > EVENT_ID_LENGTH:
        return None
    owners = [term]
    identified = Q(event_id=term)
    try:
        found = UUID(term)
    except ValueError:
        users = get_user_model().objects.filter(username=term)
        owners += [f"user:{pk}" for pk in users.values_list("pk", flat=True)]
    else:
        identified |= Q(pk=found)
        owners.append(f"client:{found}")
    return identified | Q(owner__in=owners)


def _words(given: str) -> list[str]:
    """Parts between spaces; what stands in quotes stays together."""
    parts = list(smart_split(given))
    return [
        unescape_string_literal(part)
        if len(part) > 1 and part[0] == part[-1] and part[0] in "\"'"
        else part
        for part in parts
    ]


@dataclass(frozen=True)
class Criteria:
    """What the conditions of a queryset come to, so that it can be answered quickly."""

    words: Sequence[str] = ()
    facets: Mapping[str, str] = field(default_factory=dict)
    """Columns of search.FACETS and the values that they must have."""
    since: datetime | None = None
    until: datetime | None = None
    is_reviewed: bool = False
    """Whether reviewed tasks alone are meant, of which there are comparatively few."""
