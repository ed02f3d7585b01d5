"""The LLM engine: DeepSeek and every OpenAI-compatible server."""

from tasks_app.inference.llm.config import LlmConfig, Prices
from tasks_app.inference.llm.configured import configured_engine
from tasks_app.inference.llm.engine import LlmEngine

__all__ = ["LlmConfig", "LlmEngine", "Prices", "configured_engine"]
