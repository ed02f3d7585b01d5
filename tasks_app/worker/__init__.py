"""One worker process: it claims, runs and finishes tasks, and says how it fares."""

from tasks_app.worker.inferences import InferenceWorker
from tasks_app.worker.thread import WorkerThread

__all__ = ["InferenceWorker", "WorkerThread"]
