"""`manage.py up`: everything, in front of one terminal."""

from django.core.management.base import BaseCommand, CommandError

from tasks_app.embedded.errors import StartError
from tasks_app.embedded.runner import up


class Command(BaseCommand):
    requires_system_checks = ()
    """They are of the code, not of an installation, and would load every page."""
    help = "启动全部：网页、工作进程、定时器和内置的 Valkey；Ctrl-C 停止"

    def handle(self, *args: object, **options: object) -> None:
        try:
            up()
        except StartError as error:
            raise CommandError(str(error)) from error
