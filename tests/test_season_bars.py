import re
from types import ModuleType

from planner.insight.timing.seasons import month_rates
from planner.publish.season_bars import bars_html


def test_bars_are_as_long_as_their_rates_and_stay_in_the_track(build: ModuleType) -> None:
    days = [f"2024-{month:02d}-{day:02d}T12:00" for month in range(1, 7) for day in range(1, 29)]
    days += [f"2024-03-{day:02d}T13:00" for day in range(1, 29)] * 3
    rows = build.located([{"occurred_from": day, "occurred_to": day} for day in days])
    rates = month_rates(rows, build.periods(("2024-01-01", "2024-07-01")), "Europe/London")
    assert rates is not None
    page = bars_html(rates, "Months <b>")
    widths = [float(width) for width in re.findall(r'class="bar" style="width:([\d.]+)%', page)]
    assert len(widths) == 6
    assert max(range(6), key=widths.__getitem__) == int(rates.rates.mean[:6].argmax())
    ends = re.findall(r'class="line" style="left:([\d.]+)%;width:([\d.]+)%', page)
    assert all(float(left) >= 0 and float(left) + float(width) <= 100 for left, width in ends)
    assert page.count("not covered") == 6
    assert "Months &lt;b&gt;" in page
    assert "nan" not in page
