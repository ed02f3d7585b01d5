"""Who may do what to tasks: each action has its own permission."""

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


def has_task_permission(user: object, action: str) -> bool:
    """Whether they may see tasks and do this to them: `review`, `cancel` and so on."""
    permissions = ("tasks_app.view_task", f"tasks_app.{action}_task")
    return isinstance(user, User) and user.has_perms(permissions)


def task_permission_required(action: str) -> Callable[[View[Admin, P]], View[Admin, P]]:
    """Answer 403 to staff who may not see tasks and do this to them."""

    def protect(view: View[Admin, P]) -> View[Admin, P]:
        @wraps(view)
        def protected(
            admin: Admin, request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            if not has_task_permission(request.user, action):
                raise PermissionDenied
            return view(admin, request, *args, **kwargs)

        return protected

    return protect


def staff_user(request: HttpRequest) -> User:
    """Whoever is logged in; the admin lets nobody else in."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user
