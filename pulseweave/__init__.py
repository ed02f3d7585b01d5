"""The wiring: settings, ASGI, Celery, URLs."""

from pulseweave.celery import app as celery_app

__all__ = ["celery_app"]
