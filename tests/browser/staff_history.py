"""`python -m tests.browser.staff_history`: what the tests of the staff's pages look at.

A process of its own, since Playwright's loop keeps Django's ORM out of the tests' own.
Prints the addresses of the pages, one a line.
"""

import sys

import django

NAME, PASSWORD = "anna", "a password for tests"


def main() -> None:
    django.setup()
    from django.contrib.auth.models import User  # noqa: PLC0415 - after setup

    from tests.db.admin.hostile import hostile_tasks  # noqa: PLC0415
    from tests.db.admin.steps import LIST, page_of  # noqa: PLC0415

    User.objects.create_superuser(NAME, password=PASSWORD)
    pages = [page_of(task) for task in hostile_tasks()]
    sys.stdout.write("\n".join([LIST, *pages]))


if __name__ == "__main__":
    main()
