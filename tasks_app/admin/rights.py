"""Who may do what to tasks: each act has its own permission."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    Admin = TypeVar("Admin", bound=ModelAdmin[Any])
else:
    Admin = TypeVar("Admin")

P = ParamSpec("P")
View = Callable[Concatenate[Admin, HttpRequest, P], HttpResponseBase]


def may(user: object, act: str) -> bool:
    """Whether they may see tasks and do this to them: `review`, `cancel` and so on."""
    rights = ("tasks_app.view_task", f"tasks_app.{act}_task")
    return isinstance(user, User) and user.has_perms(rights)


def requires(act: str) -> Callable[[View[Admin, P]], View[Admin, P]]:
    """Answer 403 to staff without this right."""

    def protect(view: View[Admin, P]) -> View[Admin, P]:
        @wraps(view)
        def protected(
            admin: Admin, request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            if not may(request.user, act):
                raise PermissionDenied
            return view(admin, request, *args, **kwargs)

        return protected

    return protect


def staff_of(request: HttpRequest) -> User:
    """Whoever is logged in; the admin lets nobody else in."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user
