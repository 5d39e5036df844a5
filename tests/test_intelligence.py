"""Entries as people write them: what is taken, and what is refused in one line."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.clock import seconds_between
from planner.errors import IntelligenceError
from planner.incidents.handling import may_see
from planner.incidents.intelligence import Entry, entry_from
from planner.settings import Settings

SETTINGS = Settings(crs="EPSG:32630")


def test_an_entry_has_local_moments_and_a_digest_for_a_name(build):
    entry = build.entry()
    assert entry.starts_at.isoformat() == "2026-03-01T20:00:00+00:00"
    assert entry.ends_at.isoformat() == "2026-03-02T04:00:00+00:00"
    assert entry.grade == "1AP"
    assert len(entry.id) == 10
    assert entry.id == build.entry().id
    assert entry.id != build.entry(factor=2.5).id
    assert Entry.model_validate_json(entry.model_dump_json()) == entry


def test_days_mean_all_of_them_and_offsets_are_kept(build):
    entry = build.entry(**{"from": date(2026, 3, 28), "until": date(2026, 3, 29)})
    # The clocks go forward on the 29th: two days are 47 hours.
    assert seconds_between(entry.starts_at, entry.ends_at) == 47 * 3600
    other = build.entry(**{"from": "2026-06-01T12:00+02:00", "until": "2026-06-01T12:00:00Z"})
    assert other.starts_at.isoformat() == "2026-06-01T11:00:00+01:00"
    assert other.ends_at.isoformat() == "2026-06-01T13:00:00+01:00"


def test_an_entry_without_an_end_expires_after_the_usual_days(build):
    entry = build.entry(until=None)
    days = SETTINGS.intelligence.usual_days
    assert seconds_between(entry.starts_at, entry.ends_at) == days * 86_400
    assert not entry.expired(entry.ends_at - timedelta(seconds=1))
    assert entry.expired(entry.ends_at)


BAD = [
    ({"grade": "B2P"}, "grade"),
    ({"grade": "9ZZ"}, "grade"),
    ({"factor": 0.0}, "factor: 0 lies outside"),
    ({"factor": -1.0}, "factor"),
    ({"factor": float("nan")}, "factor"),
    ({"factor": float("inf")}, "factor"),
    ({"factor": 1e300}, "factor"),
    ({"factor": "2"}, "factor"),
    ({"factor": True}, "factor"),
    ({"until": "2026-03-01T19:59"}, "not after the beginning"),
    ({"until": "2026-03-01T20:00"}, "not after the beginning"),
    ({"until": "2029-03-01"}, "longest_days"),
    ({"from": "2020-01-01", "until": "2020-01-02"}, "it ended on 2020-01-03"),
    ({"from": "next Friday"}, "from"),
    ({"from": "9999-12-31", "until": "9999-12-31"}, "from"),
    ({"from": date(1999, 1, 1)}, "from"),
    ({"until": "2026-02-30"}, "until"),
    ({"hours": ["22:00", "22:00"]}, "hours"),
    ({"hours": ["22:00"]}, "hours"),
    ({"hours": ["25:00", "26:00"]}, "hours"),
    ({"where": {}}, "where"),
    ({"where": {"zones": [""]}}, "where"),
    ({"where": {"polygon": []}}, "encloses no area"),
    ({"where": {"polygon": [[0.0, 1.0]] * 5}}, "encloses no area"),
    ({"where": {"polygon": [[0, 0], [1, 1], [1, 0], [0, 1]]}}, "sides cross"),
    ({"where": {"polygon": [[0, 0], [1, 1], [500, 0]]}}, "where.polygon"),
    ({"where": {"point": [0.0, 0.0]}}, "radius_m"),
    ({"where": {"point": [0.0, float("nan")], "radius_m": 10}}, "where.point"),
    ({"where": {"point": [0.0, 0.0], "radius_m": -10}}, "where.radius_m"),
    ({"where": {"zones": ["Alpha"], "point": [0.0, 0.0], "radius_m": 10}}, "give one of"),
    ({"what": ""}, "what"),
    ({"what": "\x00\x07"}, "what"),
    ({"what": "x" * 201}, "what"),
    ({"what": None}, "what"),
    ({"kind": "rumour"}, "kind"),
    ({"marking": "SECRET"}, "marking"),
    ({"marking": "official"}, "marking"),
    ({"permission": ["press"]}, "permission"),
    ({"grade": "1AC", "permission": []}, "name the audiences"),
    ({"conditions": "verbally only"}, "handling code P"),
    ({"permission": ["public"]}, "nobody named may see"),
    ({"categories": ["theft", "nonsense"]}, "there is no category 'nonsense'"),
    ({"originator": ""}, "originator"),
    ({"colour": "red"}, "no such key"),
    ({"what": "Seen by Mr Smith"}, "names a person"),
    ({"what": "Car AB12 CDE outside"}, "registration"),
    ({"what": "Male, DOB 1.1.2000"}, "date of birth"),
    ({"what": "Ring 07700 900123"}, "mobile"),
    ({"what": "Write to jane.doe@example.org"}, "e-mail"),
    ({"originator": "jane@gmail.com"}, "e-mail"),
    ({"recorded_by": "Mrs Jones"}, "names a person"),
    ({"grade": "1AC", "conditions": "ask 07700900123"}, "mobile"),
]


@pytest.mark.parametrize(("change", "said"), BAD, ids=str)
def test_what_cannot_be_used_is_refused_in_one_line(build, change, said):
    with pytest.raises(IntelligenceError, match=said) as caught:
        build.entry(**change)
    assert "\n" not in str(caught.value)


def test_sensitive_categories_move_no_place(build):
    sensitive = [name for name, rule in SETTINGS.categories.items() if rule.sensitive]
    assert sensitive
    with pytest.raises(IntelligenceError, match="totals only"):
        build.entry(categories=sensitive[:1])


def test_the_role_that_records_is_taken_where_none_is_written(build):
    content = build.written_entry(recorded_by=None)
    assert entry_from(content, SETTINGS, build.NOW, "night desk").recorded_by == "night desk"
    with pytest.raises(IntelligenceError, match="recorded_by"):
        entry_from(content, SETTINGS, build.NOW, "Miss Marple")


TEXTS = st.text(max_size=30)
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), TEXTS, st.dates(),
    st.datetimes(timezones=st.none()), st.lists(st.one_of(TEXTS, st.floats()), max_size=4),
    st.dictionaries(st.sampled_from(["zones", "polygon", "point", "radius_m"]),
                    st.one_of(TEXTS, st.floats(), st.lists(st.floats(), max_size=3))),
)  # fmt: skip
KEYS = st.sampled_from(
    ["kind", "what", "from", "until", "hours", "categories", "factor", "grade", "marking",
     "permission", "conditions", "originator", "recorded_by", "where", "other"]
)  # fmt: skip


@given(changes=st.dictionaries(KEYS, VALUES, min_size=1, max_size=3))
def test_whatever_is_written_is_a_sound_entry_or_a_named_error(build, changes):
    try:
        entry = entry_from(build.written_entry() | changes, SETTINGS, build.NOW)
    except IntelligenceError:
        return
    bounds = SETTINGS.intelligence
    assert bounds.least_factor <= entry.factor <= bounds.greatest_factor
    assert entry.starts_at < entry.ends_at
    assert entry.ends_at > build.NOW
    assert isinstance(entry.starts_at.utcoffset(), timedelta)
    assert any(may_see(entry, name, SETTINGS.handling) for name in SETTINGS.handling.audiences)
    assert Entry.model_validate_json(entry.model_dump_json()) == entry


def test_the_example_in_the_module_is_an_entry(build):
    import tomllib

    from planner.incidents import intelligence

    text = (intelligence.__doc__ or "").split("::\n", 1)[1]
    entry = entry_from(
        tomllib.loads(text), SETTINGS, datetime.fromisoformat("2026-04-01T12:00+00:00")
    )
    assert entry.what.startswith("May morning")
