"""The Celery application; `celery -A pulseweave worker` starts from here."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pulseweave.settings")

app = Celery("pulseweave")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
