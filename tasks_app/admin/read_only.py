"""What every admin of rows that nobody edits has in common."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from tasks_app.admin.formatting import EMPTY

if TYPE_CHECKING:
    # Unfold has no types; its class takes and gives what Django's does.
    from django.contrib.admin import ModelAdmin as DjangoModelAdmin

    ModelAdmin = DjangoModelAdmin[Any]
else:
    from unfold.admin import ModelAdmin


class ReadOnlyAdmin(ModelAdmin):
    """Rows to look at: no adding, changing or deleting them, by anybody."""

    actions: Any = None
    empty_value_display = EMPTY
    list_per_page = 50
    has_history = False
    """Django's tells of edits in the admin; there are none."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        # PostgreSQL refuses the NUL character with an error that nobody catches.
        return "\0" not in value and super().lookup_allowed(lookup, value, request)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # Django would answer a forged action with the list.
        if request.method == "POST" and not self._is_action(request):
            raise PermissionDenied
        return super().changelist_view(request, extra_context)

    def _is_action(self, request: HttpRequest) -> bool:
        """Whether it posts one of the actions that its sender has."""
        asked, mine = request.POST.getlist("action"), self.get_actions(request)
        # Nothing chosen is for Django to tell.
        return bool(asked and mine) and set(asked) <= {"", *mine}

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {**(extra_context or {}), "show_history": self.has_history}
        return super().change_view(request, object_id, form_url, context)

    def guarded(self, view: Callable[..., HttpResponseBase]) -> Callable[..., Any]:
        """A page of ours in the admin: visitors are asked to log in."""
        return self.admin_site.admin_view(view)

    def address(self, request: HttpRequest, name: str, *args: object) -> str:
        """The address of a page of the admin that keeps the filters of the list."""
        filters = self.get_preserved_filters(request)
        context: dict[str, Any] = {"opts": self.opts, "preserved_filters": filters}
        return add_preserved_filters(context, reverse(name, args=args))

    def page_context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        """What the frame around a page of ours needs."""
        request.current_app = self.admin_site.name
        site = self.admin_site.each_context(request)
        filters = self.get_preserved_filters(request)
        own = {"title": title, "opts": self.opts, "preserved_filters": filters}
        return {**site, **own}
