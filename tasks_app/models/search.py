"""Finding tasks among millions by words and by how they ended.

On PostgreSQL an index of search keys (migration 0005) holds the characters of every
rolled-up task, its pairs of neighbouring characters and its facets.
"""

from collections.abc import Mapping, Sequence

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from tasks_app.models.tasks import TaskQuerySet

FACETS = ("status", "task_type", "engine", "error_code", "priority_level")
"""The columns whose values are search keys, in the order of the index."""

_KEYS = "task_text_grams(tasks_app_task.text) || ARRAY[{}]".format(
    ", ".join(f"'{column}:' || tasks_app_task.{column}" for column in FACETS)
)


def has_search_keys() -> bool:
    return connection.vendor == "postgresql"


def with_search_keys(
    tasks: TaskQuerySet, words: Sequence[str], facets: Mapping[str, str]
) -> TaskQuerySet:
    """Tasks that may have all of these: few rows besides those which do.

    What is not rolled up yet has no keys, and is let through.
    """
    wanted = [f"{column}:{value}" for column, value in facets.items()]
    grams = "".join(" || task_text_grams(%s)" for _word in words)
    has_keys = RawSQL(  # noqa: S611 - only columns of ours are put into the text
        f"{_KEYS} @> (%s::text[]{grams})", [wanted, *words], BooleanField()
    )
    return tasks.filter(Q(has_keys, is_rolled_up=True) | Q(is_rolled_up=False))
