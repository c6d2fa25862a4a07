"""Bars drawn as SVG in the colours of the portal's theme; pure.

A picture stands alone: no script, nothing from elsewhere, its own colours for light and dark.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pygal
from pygal.style import Style

# pygal leaves an import hook for its plugins, of a kind that Python warns of; we use none.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]

Key = TypeVar("Key")
WIDTH = 480  # shown at 300 to 560 px: letters of 15 stay legible on a phone
_LETTERS = 15
_FONT = 'system-ui, "PingFang TC", "Noto Sans TC", "Microsoft JhengHei", sans-serif'
_MOST_TICKS = 5


@dataclass(frozen=True, slots=True)
class Bar(Generic[Key]):
    """How many registrations there are of one kind, in two parts."""

    key: Key
    individual: int
    members: int

    @property
    def total(self) -> int:
        return self.individual + self.members


@dataclass(frozen=True, slots=True)
class Words:
    """What is written into a picture: its title, and the names of the two parts."""

    title: str
    individual: str
    members: str


def read_tokens(theme: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the colours of a theme file, ``{"ink": "#1b2430", …}``, by day and by night."""
    by_day, _, by_night = theme.partition("prefers-color-scheme: dark")
    light = dict(_COLOUR.findall(by_day))
    return light, light | dict(_COLOUR.findall(by_night))


def draw_columns(
    bars: Sequence[Bar[Any]], labels: Sequence[str], words: Words, colours: tuple[dict[str, str], ...]
) -> bytes:
    """Return upright bars, for days: a label under each seventh, so that they do not run together."""
    chart = pygal.StackedBar(
        **_config(bars, colours),
        height=280,
        x_labels=list(labels),
        x_labels_major_every=7 if len(labels) > 7 else 1,
        show_minor_x_labels=False,
        truncate_label=-1,
    )
    return _render(chart, bars, words)


def draw_rows(
    bars: Sequence[Bar[Any]], labels: Sequence[str], words: Words, colours: tuple[dict[str, str], ...]
) -> bytes:
    """Return lying bars, the first on top, each with its name and its total in front."""
    named = [f"{label}　{bar.total}" for label, bar in zip(labels, bars, strict=True)]
    widest = max((len(name) for name in named), default=0)
    chart = pygal.HorizontalStackedBar(
        **_config(bars, colours),
        height=72 + 32 * len(bars),
        # pygal takes every letter for a narrow one; ours are square.
        margin_left=8 + round(widest * _LETTERS * 0.42),
        x_labels=named[::-1],
        truncate_label=-1,
    )
    return _render(chart, bars[::-1], words)


def ticks(top: int) -> list[int]:
    """Return at most six round numbers from 0 that reach up to a number."""
    step = next(
        unit * 10**power for power in range(10) for unit in (1, 2, 5) if unit * 10**power * _MOST_TICKS >= top
    )
    return list(range(0, top + step, step))


_COLOUR = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")


def _config(bars: Sequence[Bar[Any]], colours: tuple[dict[str, str], ...]) -> dict[str, Any]:
    light, dark = colours
    numbers = ticks(max((bar.total for bar in bars), default=1))
    return {
        "width": WIDTH,
        "css": ["file://style.css", "file://graph.css", f"inline:{_by_night(dark)}"],
        "js": [],
        "no_prefix": True,
        "style": Style(
            background="transparent",
            plot_background="transparent",
            foreground=light["ink"],
            foreground_strong=light["ink"],
            foreground_subtle=light["line"],
            guide_stroke_color=light["line"],
            major_guide_stroke_color=light["line"],
            guide_stroke_dasharray="none",
            major_guide_stroke_dasharray="none",
            opacity="1",
            transition="none",
            colors=(light["indigo"], light["line-strong"]),
            font_family=_FONT,
            **{f"{part}_font_size": _LETTERS for part in ("label", "major_label", "legend")},
        ),
        "y_labels": numbers,
        "range": (0, numbers[-1]),
        "value_formatter": lambda value: f"{value:.0f}",
        "legend_at_bottom": True,
        "legend_at_bottom_columns": 2,
        "margin": 8,
        "margin_right": 20,
        "spacing": 8,
    }


def _by_night(dark: dict[str, str]) -> str:
    words = ".axis text, .axis text.major, .legends .legend text"
    lines = ".axis .line, .axis .major.line, .axis .guide.line, .axis .major.guide.line"
    rules = [f"{words} {{ fill: {dark['ink']}; }}", f"{lines} {{ stroke: {dark['line']}; }}"]
    for number, colour in enumerate((dark["indigo"], dark["line-strong"])):
        rules.append(f".color-{number} {{ fill: {colour}; stroke: {colour}; }}")
    return f"@media (prefers-color-scheme: dark) {{ {' '.join(rules)} }}"


def _render(chart: Any, bars: Sequence[Bar[Any]], words: Words) -> bytes:
    chart.add(words.individual, [bar.individual for bar in bars])
    chart.add(words.members, [bar.members for bar in bars])
    chart.add_xml_filter(lambda root: _alone(root, words.title))
    picture: bytes = chart.render()
    return picture


def _alone(root: Any, title: str) -> Any:
    """Take out the scripts that pygal writes into every picture, and name the picture."""
    for parent in root.iter():
        for script in [child for child in parent if str(child.tag).rpartition("}")[2] == "script"]:
            parent.remove(script)
    for name in root.iter():
        if str(name.tag).rpartition("}")[2] == "title":
            name.text = title
            break
    return root
