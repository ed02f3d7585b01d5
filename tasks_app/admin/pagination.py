"""Pages of a long history."""

from typing import TYPE_CHECKING, cast

from django.core import paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from tasks_app.models import Task

if TYPE_CHECKING:
    # Neither takes parameters at run time, and Unfold has no types.
    from django.contrib.admin.views.main import ChangeList

    Paginator = paginator.Paginator[Task]
else:
    from unfold.views import ChangeList

    Paginator = paginator.Paginator


class BoundedPaginator(Paginator):
    """Counts and pages through at most `limit` rows of a queryset.

    Counting millions would cost more than the page itself; who looks for something
    older narrows the list.
    """

    limit = 10_000
    template_name = "tasks_app/admin/pagination.html"

    @cached_property
    def count(self) -> int:
        rows = cast("QuerySet[Task]", self.object_list)
        return rows.order_by()[: self.limit].count()

    @property
    def is_cut(self) -> bool:
        """Whether there may be more rows than can be paged to."""
        return self.count >= self.limit


class BoundedChangeList(ChangeList):
    """Does not offer to show all where nothing is left out."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.query and not self.has_active_filters:
            self.full_result_count = self.result_count
