"""The wiring: settings, ASGI, Celery, URLs."""

import atexit
import gc

from pulseweave.celery import app as celery_app

__all__ = ["celery_app"]

# A process that ends would first search all that it has loaded for garbage, which takes
# longer than to give it all back.
atexit.register(gc.freeze)
