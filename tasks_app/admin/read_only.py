"""What every admin of rows that nobody edits has in common."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    # Unfold has no types; its class takes and gives what Django's does.
    from django.contrib.admin import ModelAdmin as DjangoModelAdmin

    ModelAdmin = DjangoModelAdmin[Any]
else:
    from unfold.admin import ModelAdmin

EMPTY = "—"


class ReadOnlyAdmin(ModelAdmin):
    """Rows to look at: no adding, changing, deleting or acting on them, by anybody."""

    actions = None
    empty_value_display = EMPTY
    list_per_page = 50

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
        # Without actions Django would answer a forged one with the list.
        if request.method == "POST":
            raise PermissionDenied
        return super().changelist_view(request, extra_context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        # Django's history tells of edits in the admin; there are none.
        context = {**(extra_context or {}), "show_history": False}
        return super().change_view(request, object_id, form_url, context)
