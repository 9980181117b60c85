"""A picture of the contests that matter most: bars beside bars, each contest on a scale of its own."""

from html import escape

from .contest import Results
from .work import KIB, MIB

SHOWN = [
    ("get-one", "rate", 1, "requests/s"),
    (f"get-{MIB}-32", "bytes_rate", 1e-6, "MB/s"),
    (f"put-{4 * KIB}-32", "rate", 1, "requests/s"),
    (f"put-{256 * MIB}-1", "bytes_rate", 1e-6, "MB/s"),
    ("peers-get", "rate", 1, "requests/s"),
    ("peers-put", "rate", 1, "requests/s"),
    ("peers-list", "rate", 1, "lists/s"),
    ("start", "seconds", 1e3, "ms, less is better"),
]
WIDTH, LABEL, BAR, LINE, TITLE, GAP = 760, 150, 440, 18, 22, 14
STYLE = """text { font: 12px system-ui, sans-serif; fill: #24292f } .title { font-weight: 600 } .pail { fill: #0a7d5a } .other { fill: #a8b3bd }
.whisker { stroke: #24292f; stroke-width: 1 } rect.back { fill: #ffffff }"""


def chart(results: Results) -> str:
    """The SVG: medians as bars, a line from the least to the most that was measured."""
    y, parts = GAP, []
    for key, what, scale, unit in SHOWN:
        spreads = {name: results.spread(key, name, what) for name in results.outcomes.get(key, {})}
        spreads = {name: spread for name, spread in spreads.items() if spread}
        if not spreads:
            continue
        parts.append(f'<text class="title" x="10" y="{y + 14}">{escape(results.titles[key])} ({unit})</text>')
        y += TITLE
        longest = max(spread.most for spread in spreads.values())
        for name, spread in spreads.items():
            length, low, high = (BAR * figure / longest for figure in (spread.middle, spread.least, spread.most))
            kind = "pail" if name.startswith("pail") else "other"
            middle = y + LINE / 2 - 1
            parts += [
                f'<text x="{LABEL - 8}" y="{y + 13}" text-anchor="end">{escape(name)}</text>',
                f'<rect class="{kind}" x="{LABEL}" y="{y + 1}" width="{max(length, 1):.1f}" height="{LINE - 4}"/>',
                f'<line class="whisker" x1="{LABEL + low:.1f}" x2="{LABEL + high:.1f}" y1="{middle}" y2="{middle}"/>',
                f'<text x="{LABEL + high + 8:.1f}" y="{y + 13}">{figure_text(spread.middle * scale)}</text>',
            ]
            y += LINE
        y += GAP
    top = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}" role="img">'
    head = f"<title>Pail beside its peers: medians, and lines from the least to the most</title><style>{STYLE}</style>"
    return "\n".join([top, head, f'<rect class="back" width="{WIDTH}" height="{y}"/>', *parts, "</svg>"]) + "\n"


def figure_text(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"
