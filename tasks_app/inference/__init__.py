"""Engines that understand a reminder, behind one interface (`contract.Engine`)."""

from tasks_app.inference.registry import create_engine

__all__ = ["create_engine"]
