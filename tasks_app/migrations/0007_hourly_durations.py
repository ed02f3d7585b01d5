"""The durations of each hour over all kinds of tasks, added up from its rollups."""

from collections import Counter
from itertools import groupby
from operator import attrgetter

from django.db import migrations, models

_BATCH = 500


def add_up(apps, schema_editor):
    alias = schema_editor.connection.alias
    rollups = apps.get_model("tasks_app", "HourlyRollup").objects.using(alias)
    in_order = rollups.order_by("hour").iterator(_BATCH)
    by_hour = groupby(in_order, attrgetter("hour"))
    durations = apps.get_model("tasks_app", "HourlyDurations")
    durations.objects.using(alias).bulk_create(
        (_sum(durations(hour=hour), rows) for hour, rows in by_hour), _BATCH
    )


def _sum(durations, rollups):
    waits, runs = Counter(), Counter()
    for rollup in rollups:
        waits.update(rollup.waits)
        runs.update(rollup.runs)
    durations.waits, durations.runs = dict(waits), dict(runs)
    return durations


class Migration(migrations.Migration):
    dependencies = [("tasks_app", "0006_staff_search")]

    operations = [
        migrations.CreateModel(
            name="HourlyDurations",
            fields=[
                (
                    "hour",
                    models.DateTimeField(
                        primary_key=True, serialize=False, verbose_name="小时"
                    ),
                ),
                ("waits", models.JSONField(default=dict, verbose_name="等待时间分布")),
                ("runs", models.JSONField(default=dict, verbose_name="运行时间分布")),
            ],
            options={
                "verbose_name": "每小时用时",
                "verbose_name_plural": "每小时用时",
            },
        ),
        migrations.RunPython(add_up, migrations.RunPython.noop),
    ]
