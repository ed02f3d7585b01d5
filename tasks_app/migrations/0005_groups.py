"""Groups for those who work with tasks: who reviews, and who operates."""

from django.db import migrations

REVIEWS = {
    "task": ("view_task", "review_task"),
    "taskevent": ("view_taskevent",),
    "review": ("view_review",),
    "serverprocess": ("view_serverprocess",),
    "workerprocess": ("view_workerprocess",),
}
OPERATES = {"task": ("cancel_task", "retry_task", "export_task", "purge_task")}
GROUPS = {"reviewers": (REVIEWS,), "operators": (REVIEWS, OPERATES)}


def make_groups(apps, schema_editor):
    """Django makes the permissions of a fresh database only after its migrations."""
    alias = schema_editor.connection.alias
    groups = apps.get_model("auth", "Group").objects.using(alias)
    for name, rights in GROUPS.items():
        group, _ = groups.get_or_create(name=name)
        for right in rights:
            for model, codenames in right.items():
                for codename in codenames:
                    group.permissions.add(permission(apps, alias, model, codename))


def permission(apps, alias, model, codename):
    """Of the name that Django would give it."""
    options = apps.get_model("tasks_app", model)._meta
    names = dict(options.permissions)
    names[f"view_{model}"] = f"Can view {options.verbose_name_raw}"
    types = apps.get_model("contenttypes", "ContentType").objects.using(alias)
    kind, _ = types.get_or_create(app_label="tasks_app", model=model)
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    found, _ = permissions.get_or_create(
        content_type=kind, codename=codename, defaults={"name": names[codename]}
    )
    return found


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("tasks_app", "0004_reviews_and_rollups"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
