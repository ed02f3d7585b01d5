"""The Celery application; `celery -A pulseweave worker` starts from here."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pulseweave.settings")
# Celery would run Django's checks at each start, and tell nobody what they found.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

app = Celery("pulseweave")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
