"""Django's users and groups in the theme of the rest."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

if TYPE_CHECKING:
    # Unfold has no types; to a type checker its look adds nothing.
    class ThemedAdmin:
        """Unfold's ModelAdmin."""

    TypedUserAdmin = DjangoUserAdmin[User]
else:
    from unfold.admin import ModelAdmin as ThemedAdmin

    TypedUserAdmin = DjangoUserAdmin

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(TypedUserAdmin, ThemedAdmin):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ThemedAdmin):
    pass
