"""A table as plain HTML, every text in it made safe."""

import pandas as pd

from planner.publish.style import in_map


def html_table(rows: pd.DataFrame) -> str:
    """Write a table; the first column names its row."""
    heads = "".join(f'<th scope="col">{in_map(name)}</th>' for name in rows.columns)
    body = "".join(
        f'<tr><th scope="row">{in_map(first)}</th>'
        + "".join(f"<td>{in_map(value)}</td>" for value in rest)
        + "</tr>"
        for first, *rest in rows.itertuples(index=False, name=None)
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
