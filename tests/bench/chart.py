"""Pictures for the documentation: a line chart as SVG, both axes logarithmic, legible on light and on dark pages."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 640, 380
LEFT, RIGHT, TOP, BOTTOM = 78, 170, 40, 52
COLOURS = ("#2f6fb5", "#c0562b", "#2e8b57", "#8a5fb0", "#a67c00", "#b0437a")
"""Of middle lightness: 3 to 1 or better on white and on black. Each line has a shape of its own besides."""
DASHES = ("", "7 3", "2 3", "9 3 2 3", "4 4", "12 4")
INK = "#767676"

Points = Sequence[tuple[float, float]]


def chart(title: str, across: str, up: str, lines: Mapping[str, Points]) -> str:
    """Return a chart of several lines by name; all values are above 0."""
    xs = [x for points in lines.values() for x, _ in points]
    ys = [y for points in lines.values() for _, y in points]
    low_x, high_x = min(xs), max(xs)
    low_y, high_y = 10.0 ** math.floor(math.log10(min(ys))), 10.0 ** math.ceil(math.log10(max(ys)))
    if low_y == high_y:
        high_y *= 10

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            LEFT + _share(x, low_x, high_x) * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - _share(y, low_y, high_y) * (HEIGHT - TOP - BOTTOM),
        )

    parts = [_text(LEFT, 20, title, size=14, weight=600)]
    for y in _powers(low_y, high_y):
        _, at = place(low_x, y)
        parts.append(f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="{INK}" stroke-opacity=".35"/>')
        parts.append(_text(LEFT - 8, at + 4, f"{y:,g}", anchor="end"))
    for x in sorted(set(xs)):
        at, _ = place(x, low_y)
        parts.append(_text(at, HEIGHT - BOTTOM + 18, f"{x:,g}", anchor="middle"))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, across, anchor="middle"))
    parts.append(f'<g transform="rotate(-90 16 {HEIGHT / 2})">{_text(16, HEIGHT / 2, up, anchor="middle")}</g>')
    for number, (name, points) in enumerate(lines.items()):
        places = [place(x, y) for x, y in points]
        colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        stroke = f'stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"'
        parts.append(f'<path d="{path}" fill="none" {stroke}/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in places]
        at = TOP + 10 + number * 20
        parts.append(f'<path d="M{WIDTH - RIGHT + 14} {at - 4}h26" {stroke}/>')
        parts.append(_text(WIDTH - RIGHT + 46, at, name))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="12">\n<title>{escape(title)}</title>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _text(x: float, y: float, words: str, *, anchor: str = "start", size: int = 12, weight: int = 400) -> str:
    look = f'text-anchor="{anchor}" font-size="{size}" font-weight="{weight}" fill="{INK}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {look}>{escape(words)}</text>'


def _share(value: float, low: float, high: float) -> float:
    return math.log(value / low) / math.log(high / low) if high > low else 0.5


def _powers(low: float, high: float) -> Iterable[float]:
    for exponent in range(round(math.log10(low)), round(math.log10(high)) + 1):
        yield 10.0**exponent
