"""Pictures of the figures: trend, bars and a heat map of hours, as SVG for the page and PNG for exports."""

from __future__ import annotations

import io
import logging
import math
import threading
import warnings
from collections.abc import Sequence
from functools import cache
from html import escape
from typing import Any

from matplotlib import font_manager, rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from bot.desk.catalogue import Catalogue
from bot.desk.statistics import Definition, Figures
from bot.reports.labels import Labels
from bot.reports.statistics import ordered

# Families with Chinese type, the best first; a page takes whichever of them its reader's machine has.
FAMILIES = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "Microsoft YaHei", "SimHei",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "PingFang SC", "Noto Serif CJK SC", "Noto Serif CJK JP",
    "SimSun", "AR PL UMing CN",
)  # fmt: skip
SIZE = (6.4, 3.6)  # inches: type of 8 to 11 points stays readable at half the width of a page
MOST_BARS = 24
INK, LINE, FILL = "#33373d", "#1f5fa8", "#3f7fc4"
# matplotlib keeps its settings in one place for the whole process.
_ONE_AT_A_TIME = threading.Lock()
logging.getLogger("matplotlib").setLevel(logging.ERROR)


@cache
def chinese_font() -> str | None:
    """Give the family with Chinese type on this machine, or ``None``: then pictures cannot be drawn."""
    known = {font.name for font in font_manager.fontManager.ttflist}
    return next((family for family in FAMILIES if family in known), None)


def svg(definition: Definition, figures: Figures, labels: Labels, catalogue: Catalogue | None) -> str | None:
    """Give the picture of a statistic as SVG with live text, or ``None`` where it has none.

    The text is set by the reader's browser, so no font is needed here. The table beside it says the same.
    """
    if definition.chart is None or not figures.lines:
        return None
    family = chinese_font() or "sans-serif"
    settings = {"svg.fonttype": "none", "svg.hashsalt": definition.id, "font.family": family}
    with _ONE_AT_A_TIME, rc_context(settings), warnings.catch_warnings():
        # Without Chinese type here the widths are guessed; the reader's browser sets the text.
        warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)
        drawn = _draw(definition, figures, labels, catalogue)
        file = io.StringIO()
        FigureCanvasSVG(drawn).print_svg(file, metadata={"Date": None, "Creator": None})
    text = file.getvalue()
    families = ", ".join(f"'{name}'" for name in FAMILIES)
    text = text[text.index("<svg") :].replace(f"'{family}'", f"{families}, sans-serif")
    return text.replace("<svg ", f'<svg role="img" aria-label="{escape(definition.title, quote=True)}" ', 1)


def png(
    definition: Definition, figures: Figures, labels: Labels, catalogue: Catalogue | None
) -> bytes | None:
    """Give the picture as PNG, or ``None`` where there is none or no Chinese type to write it with."""
    family = chinese_font()
    if definition.chart is None or not figures.lines or family is None:
        return None
    with _ONE_AT_A_TIME, rc_context({"font.family": family, "axes.unicode_minus": False}):
        drawn = _draw(definition, figures, labels, catalogue)
        file = io.BytesIO()
        FigureCanvasAgg(drawn).print_png(file)
    return file.getvalue()


def _draw(definition: Definition, figures: Figures, labels: Labels, catalogue: Catalogue | None) -> Figure:
    figure = Figure(figsize=SIZE, dpi=130, facecolor="white")
    axes = figure.add_subplot()
    lines = ordered(definition, figures)
    names = ["/".join(_name(definition, key, labels, catalogue)) for key, _ in lines]
    counts = [values[0] or 0 for _, values in lines]
    if definition.chart == "heat":
        _heat(figure, axes, figures, labels)
    elif definition.chart == "line":
        # What has no value, such as the time of answers in a month without any, leaves a gap.
        _line(axes, names, [values[0] for _, values in lines])
    else:
        _bars(axes, names[:MOST_BARS], counts[:MOST_BARS])
    cut = definition.chart == "bar" and len(lines) > MOST_BARS
    title = labels.book["cut"].format(title=definition.title, count=MOST_BARS) if cut else definition.title
    axes.set_title(title, color=INK, fontsize=11, loc="left")
    if definition.chart == "line":
        axes.set_ylabel(definition.measures[0].heading, color=INK, fontsize=8)
    axes.tick_params(colors=INK, labelsize=8)
    figure.subplots_adjust(left=0.26 if definition.chart == "bar" else 0.09, right=0.97, top=0.9, bottom=0.17)
    return figure


def _name(definition: Definition, key: Any, labels: Labels, catalogue: Catalogue | None) -> list[str]:
    return [labels.value(f, part, catalogue) for f, part in zip(definition.by, key, strict=True)]


def _line(axes: Any, names: Sequence[str], counts: Sequence[int | None]) -> None:
    places = range(len(names))
    heights = [math.nan if count is None else count for count in counts]
    axes.plot(
        places, heights, color=LINE, linewidth=1.6, marker="o" if len(names) <= 40 else None, markersize=3
    )
    step = max(1, -(-len(names) // 12))
    axes.set_xticks(places[::step])
    axes.set_xticklabels(names[::step], rotation=30, ha="right")
    # Counts have no halves, and the highest must not touch the edge.
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylim(0, max([*(count or 0 for count in counts), 1]) * 1.08)
    _quiet(axes, "y")


def _bars(axes: Any, names: Sequence[str], counts: Sequence[int]) -> None:
    places = range(len(names))
    axes.barh(places, counts, color=FILL)
    axes.set_yticks(places)
    axes.set_yticklabels([name if len(name) <= 16 else f"{name[:15]}…" for name in names])
    axes.invert_yaxis()
    for place, count in zip(places, counts, strict=True):
        axes.text(count, place, f" {count:,}", va="center", fontsize=8, color=INK)
    axes.set_xlim(right=max([*counts, 1]) * 1.12)
    _quiet(axes, "x")


def _heat(figure: Figure, axes: Any, figures: Figures, labels: Labels) -> None:
    cells = [[0] * 24 for _ in range(7)]
    for (weekday, hour), values in figures.lines.items():
        cells[int(weekday or 1) - 1][int(hour or 0)] = values[0] or 0
    picture = axes.imshow(cells, aspect="auto", cmap="Blues", vmin=0)
    axes.set_yticks(range(7))
    axes.set_yticklabels([labels.value("weekday", day, None) for day in range(1, 8)])
    axes.set_xticks(range(0, 24, 3))
    axes.set_xticklabels([labels.value("hour", hour, None) for hour in range(0, 24, 3)])
    figure.colorbar(picture, ax=axes, pad=0.02).ax.tick_params(labelsize=8)


def _quiet(axes: Any, grid: str) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(axis=grid, color="#d8dce2", linewidth=0.6)
    axes.set_axisbelow(True)
