"""The people who log in: users, their roles, and devices that guessed passwords too often."""

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from oms.lib.admin import ConsoleAdmin

admin.site.unregister([User, Group])

ONLY_SUPERUSERS = {"is_superuser", "user_permissions"}


@admin.register(User)
class PersonAdmin(UserAdmin, ConsoleAdmin):
    """Who may see whom is Django's; nobody but a superuser makes superusers or changes one."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["username", "first_name", "last_name", "email", "roles", "is_active", "last_login"]
    list_filter = ["groups", "is_active"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.is_superuser or obj is None:
            return fieldsets
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name not in ONLY_SUPERUSERS]})
            for title, options in fieldsets
        ]

    def has_change_permission(self, request, obj=None):
        may = super().has_change_permission(request, obj)
        return may and (request.user.is_superuser or not (obj and obj.is_superuser))

    @admin.display(description="Roles")
    def roles(self, user):
        return ", ".join(group.name for group in user.groups.all())


@admin.register(Group)
class RoleAdmin(GroupAdmin, ConsoleAdmin):
    list_display = ["name"]


@admin.register(AccessAttempt)
class FailedLoginAdmin(ConsoleAdmin):
    """Deleting a row lets the user in again at once."""

    list_display = ["attempt_time", "username", "failures_since_start", "is_locked", "user_agent"]
    fields = readonly_fields = ["attempt_time", "username", "failures_since_start", "user_agent"]
    search_fields = ["username"]

    def has_add_permission(self, request):
        return False

    @admin.display(description="Locked", boolean=True)
    def is_locked(self, attempt):
        return attempt.failures_since_start >= settings.AXES_FAILURE_LIMIT
