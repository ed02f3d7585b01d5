"""Django's users and groups in the theme of the rest."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

if TYPE_CHECKING:
    # Unfold has no types; to a type checker its look adds nothing.
    class ThemedAdmin(admin.options.BaseModelAdmin[Any]):
        """Unfold's ModelAdmin."""

    TypedUserAdmin = DjangoUserAdmin[User]
else:
    from unfold.admin import ModelAdmin as ThemedAdmin

    TypedUserAdmin = DjangoUserAdmin

_SINGLE = "user_permissions"

admin.site.unregister(User)
admin.site.unregister(Group)


class CheckboxAdmin(ThemedAdmin):
    """Of a few things, several are ticked; Django's two lists are for many."""

    def formfield_for_manytomany(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget()
        return super().formfield_for_manytomany(*args, **kwargs)


@admin.register(User)
class UserAdmin(TypedUserAdmin, CheckboxAdmin):
    filter_horizontal = ()
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    # Who may do what is a matter of groups: what one person was given by itself would
    # be forgotten.
    fieldsets = tuple(
        (title, {"fields": [name for name in part["fields"] if name != _SINGLE]})
        for title, part in DjangoUserAdmin.fieldsets or ()
    )


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, CheckboxAdmin):
    filter_horizontal = ()
