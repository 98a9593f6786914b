"""How every HTML page of ours is made: one template environment, resources from the package, texts made visible."""

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from reports.body import visible

__all__ = ["environment", "resource"]


def resource(name: str) -> str:
    """The text of one file of ``templates/``."""
    return (files("reports") / "templates" / name).read_text(encoding="utf-8")


@cache
def environment() -> Environment:
    """Templates that escape everything and fail on a name that nobody gave them. Shared: add filters only."""
    return Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        loader=FunctionLoader(resource),
        finalize=_finalize,
    )


def _finalize(value: Any) -> Any:
    """Texts lose what an eye cannot see, wherever a template prints them."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
