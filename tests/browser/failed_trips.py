"""`python -m tests.browser.failed_trips`: a day on which some trips failed.

A process of its own, since Playwright's loop keeps Django's ORM out of the tests' own.
"""

from datetime import timedelta

import django
from django.core.management import call_command

NAME, PASSWORD = "lin", "a password for tests"
FAILED_TRIPS = (
    "明早七点坐高铁去上海",
    "周五飞北京出差",
    "周六自驾去杭州",
    "下周二去机场接人",
)
"""The latest first."""
OTHERS = ("周一九点和产品组开会", "下班买牛奶")


def main() -> None:
    django.setup()
    from django.contrib.auth.models import Group, User  # noqa: PLC0415 - after setup
    from django.utils import timezone  # noqa: PLC0415

    from tests.db.admin.steps import claim, complete, fail, submit  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    user = User.objects.create_user(NAME, password=PASSWORD, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=["reviewers", "operators"]))

    now = timezone.localtime()
    noon = now.replace(hour=12) - timedelta(days=1)
    submit("昨天去苏州", created_at=noon)
    complete(claim())
    for minutes, text in enumerate((*FAILED_TRIPS, *OTHERS)):
        submit(text, created_at=noon - timedelta(minutes=minutes))
    submit("前天去宁波", created_at=noon - timedelta(days=1))
    for task in claim():
        fail(task, "llm_timeout", "网络超时")


if __name__ == "__main__":
    main()
