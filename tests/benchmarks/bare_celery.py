"""The yardstick's Celery application: no Django, no database, nobody told.

The worker gets its broker from `CELERY_BROKER_URL`, its queue from `--queues`.
"""

import itertools
import os
import sys

from celery import Celery

RUNS_PER_MARK = 100
"""The worker writes one byte to its stdout for so many tasks run: cheap enough not
to slow what is measured, and the same with every broker."""

app = Celery(__name__)
app.conf.task_ignore_result = True
app.conf.worker_redirect_stdouts = False

_runs = itertools.count(1)


@app.task
def do_nothing() -> None:
    """Only counted; `next` is atomic, so that the pool's threads need no lock."""
    if next(_runs) % RUNS_PER_MARK == 0:
        os.write(sys.stdout.fileno(), b".")
