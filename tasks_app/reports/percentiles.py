"""Percentiles in SQL, the same on both databases."""

from math import ceil
from typing import Any

from django.db.models import Aggregate, Value
from django.db.models.expressions import Combinable


class Percentile(Aggregate):
    """By the nearest rank: the smallest value that is not exceeded by `fraction` of
    all, which is always one of them. Null values do not count.

        >>> long = Percentile("completion_tokens", 0.9)
        >>> [(row["engine"], row["p"]) for row in week.by_engine().annotate(p=long)]
        [('llm', 40), ('local', None)]
    """

    name = "Percentile"
    function = "PERCENTILE_DISC"
    allow_distinct = False

    def __init__(
        self, expression: str | Combinable, fraction: float, **extra: Any
    ) -> None:
        if not 0 < fraction <= 1:
            raise ValueError("a fraction is more than 0 and at most 1")
        super().__init__(expression, Value(fraction), **extra)

    def _resolve_output_field(self) -> Any:
        return self.get_source_expressions()[0].output_field

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        value, fraction, *condition = self.get_source_expressions()
        ordered = self.copy()
        ordered.set_source_expressions([value, *condition])
        ordered.template = (
            f"%(function)s({fraction.value!r}) WITHIN GROUP (ORDER BY %(expressions)s)"
        )
        return super(Percentile, ordered).as_sql(compiler, connection, **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # SQLite has none: it is taught, as Django teaches it others.
        connection.ensure_connection()
        connection.connection.create_aggregate("NEAREST_RANK", 2, _NearestRank)
        return self.as_sql(compiler, connection, function="NEAREST_RANK", **context)


class _NearestRank:
    """What PostgreSQL's PERCENTILE_DISC does."""

    def __init__(self) -> None:
        self._values: list[Any] = []
        self._fraction = 1.0

    def step(self, value: Any, fraction: float) -> None:
        if value is not None:
            self._values.append(value)
            self._fraction = fraction

    def finalize(self) -> Any:
        if not self._values:
            return None
        rank = ceil(self._fraction * len(self._values))
        return sorted(self._values)[rank - 1]
