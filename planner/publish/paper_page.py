"""Pages for A4: the marking and the banner on every side, figures in a row, and tables."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from planner.picture import Picture
from planner.publish import style
from planner.publish.style import in_map, number_words, per_cent
from planner.settings import Handling

ASSETS = Path(__file__).parent / "assets"
POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'"
)
FONT = "'Source Sans 3','Source Sans Pro','Segoe UI',system-ui,'Noto Sans',sans-serif"
UNDER = "under 5"
LEAST_SHOWN = 0.05


def whole_page(title: str, picture: Picture, parts: Sequence[str], marking: str = "") -> str:
    """Put parts together to a page that loads nothing from elsewhere.

    Parameters
    ----------
    title
        Plain text.
    picture
        Of the workspace whose page it is.
    parts
        HTML, one after the other.
    marking
        The protective marking; the settings' usual one if not given.
    """
    marked = marking or usual_marking(picture.settings.handling)
    invented = picture.settings.illustrative
    banner = f'<div class="banner">{style.ILLUSTRATIVE}</div>' if invented else ""
    foot = f"{marked} · {style.ILLUSTRATIVE}" if invented else marked
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<link rel="icon" href="data:,">\n<title>{in_map(title)}</title>\n'
        f'<style>{_style(foot)}</style>\n</head>\n<body><main><div class="marking">'
        f"{in_map(marked)}</div>{banner}{''.join(parts)}</main></body>\n</html>\n"
    )


def usual_marking(rules: Handling) -> str:
    """Return the marking that a page has if none is asked for: the one above the lowest."""
    return rules.markings[min(1, len(rules.markings) - 1)]


def _style(foot: str) -> str:
    """Return the style sheet; on paper marking and banner stand at the foot of every side too."""
    # As numbers of letters: no text from the settings can end the string or the sheet.
    letters = "".join(f"\\{ord(letter):06x}" for letter in foot)
    sides = f'@page{{@bottom-center{{content:"{letters}";font:700 8pt {FONT}}}}}'
    return _variables() + (ASSETS / "paper.css").read_text(encoding="utf-8") + sides


def _variables() -> str:
    colours = {
        "ink": style.INK, "quiet": style.QUIET_INK, "line": style.SITE_LINE,
        "edge": style.STREET_EDGE, "hotspot": style.HOTSPOT,
    }  # fmt: skip
    named = "".join(f"--{name}:{colour};" for name, colour in colours.items())
    return f":root{{{named}--font:{FONT}}}"


def figures_html(figures: Sequence[tuple[str, str, str]]) -> str:
    """Show figures in a row: each a label, a value, and what it must be read with."""
    cells = "".join(
        f"<div><dt>{in_map(label)}</dt><dd>{unbroken(value)}<small>{unbroken(note)}</small></dd>"
        "</div>"
        for label, value, note in figures
    )
    return f'<dl class="figures">{cells}</dl>'


def table_html(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    numbers: Sequence[int],
    widths: Sequence[int] = (),
) -> str:
    """Write a table.

    Parameters
    ----------
    heads
        Plain text.
    rows
        Cells that are HTML already.
    numbers
        Which columns hold numbers.
    widths
        Of the columns, in per cent; as they need if not given.
    """
    kind = [' class="number"' if column in numbers else "" for column in range(len(heads))]
    columns = "".join(f'<col style="width:{width}%">' for width in widths)
    head = "".join(
        f'<th scope="col"{kind[column]}>{in_map(name)}</th>' for column, name in enumerate(heads)
    )
    body = "".join(
        "<tr>" + "".join(f"<td{kind[at]}>{cell}</td>" for at, cell in enumerate(row)) + "</tr>"
        for row in rows
    )
    return (
        f"<table>{f'<colgroup>{columns}</colgroup>' if columns else ''}<thead><tr>{head}</tr>"
        f"</thead><tbody>{body}</tbody></table>"
    )


def share_words(share: float) -> str:
    """Write a share from 0 to 1: ``9.2 %``, and what is very little as ``under 0.1 %``."""
    return per_cent(share) if share >= 0.0005 or share <= 0 else "under 0.1 %"


def figure_words(value: float) -> str:
    """Write an expected number: ``3.1``, and what is very little as ``under 0.1``."""
    if value <= 0:
        return "none"
    return number_words(value) if value >= LEAST_SHOWN else "under 0.1"


def day_words(day: str) -> str:
    """Write an ISO day as ``1 Oct 2024``."""
    if not day:
        return "not known"
    read = date.fromisoformat(day)
    return f"{read.day} {read:%b %Y}"


def unbroken(text: str) -> str:
    """Make a text safe for a page, and keep a number and its per cent sign on one line."""
    return in_map(text).replace(" %", "&nbsp;%")
