"""Pages as a PDF: vectors and letters that can be searched, the same bytes for the same pages."""

import io
import threading
from collections.abc import Callable, Iterable

import matplotlib
from matplotlib.backends.backend_pdf import FigureCanvasPdf, PdfPages
from matplotlib.figure import Figure

from planner.publish.printmap_layout import MM_PER_INCH, printable

# matplotlib keeps its settings for the whole process, so pages are printed one at a time.
_ONE_AT_A_TIME = threading.Lock()


def pages_pdf(title: str, version: str, pages: Iterable[Callable[[], Figure]]) -> bytes:
    """Print pages, one after the other.

    Parameters
    ----------
    title
        Of the document; it is made printable.
    version
        Of the program.
    pages
        Each makes one page, while no other thread prints.

    Returns
    -------
    bytes
        A PDF; the same for the same pages.
    """
    # Type 42 embeds the fonts' own letters, which can be read and searched; the rest is said in
    # case the machine has settings of its own.
    with (
        _ONE_AT_A_TIME,
        matplotlib.rc_context(
            {"pdf.fonttype": 42, "pdf.compression": 6, "text.usetex": False, "path.sketch": None}
        ),
    ):
        target = io.BytesIO()
        about = {
            "CreationDate": None, "Title": printable(title), "Creator": f"planner {version}",
        }  # fmt: skip
        with PdfPages(target, metadata=about) as document:
            for page in pages:
                document.savefig(page())
    return target.getvalue()


def page_figure(width_mm: float, height_mm: float) -> Figure:
    """Return an empty page of a size in millimetres."""
    figure = Figure(figsize=(width_mm / MM_PER_INCH, height_mm / MM_PER_INCH), dpi=72)
    FigureCanvasPdf(figure)
    return figure
