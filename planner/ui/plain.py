"""Texts from data, made safe for the places of a page that read Markdown."""

MARKS = "\\`*_{}[]()#+-.!|~$:<>"


def plain(text: str) -> str:
    """Keep Streamlit from reading Markdown, images, links or mathematics into a text."""
    return "".join(f"\\{letter}" if letter in MARKS else letter for letter in text)
