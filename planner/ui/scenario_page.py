"""The page that sets scenarios side by side: what it would change if this were moved or added."""

from pathlib import Path

import streamlit as st

from planner.allocate.comparison.results import Comparison
from planner.errors import PlannerError
from planner.publish.comparison_page import (
    budgets_html,
    changes_html,
    comparison_style,
    doubt_html,
    scenarios_html,
)
from planner.publish.comparison_tables import money, scenario_table
from planner.publish.page import banner_html, parts_style
from planner.publish.style import in_map, per_cent
from planner.publish.tables import spreadsheet_csv
from planner.publish.webmap import style_variables
from planner.service.app_session import Session, open_session, workspace_state
from planner.service.comparing import ScenarioWish, compared, scenario_names
from planner.service.workspace import workspace_folder
from planner.ui.answer import TIGHTER
from planner.ui.plain import plain

MOST_TEAMS = 12
FIRST_CHOICE = ("five more cameras", "move the weakest three")
LARGEST_BUDGET, BUDGET_STEP = 1_000_000, 5_000
USUAL_GRADE = "as the settings say"


def show_scenario_page() -> None:
    """Ask which scenarios, and set them side by side, or say in one line what is missing."""
    st.html(f"<style>{style_variables()}{parts_style()}{TIGHTER}{comparison_style()}</style>")
    try:
        folder = workspace_folder(None)
        session = _session(str(folder.resolve()), workspace_state(folder))
        wish = _ask(session)
        found = _compared(session.picture.fingerprint, wish, session)
    except PlannerError as error:
        st.header("Scenarios")
        st.warning(plain(str(error)), icon=":material/info:")
        return
    _show(session, found)


# Both caches are shared by all who use the app: the keys hold the workspace and its state.
@st.cache_resource(max_entries=4, show_spinner="Reading the workspace")
def _session(folder: str, state: str) -> Session:
    return open_session(Path(folder))


@st.cache_data(max_entries=16, show_spinner="Planning each scenario")
def _compared(fingerprint: str, wish: ScenarioWish, _session: Session) -> Comparison:
    return compared(_session.picture, wish)


def _ask(session: Session) -> ScenarioWish:
    """Show the choices; what they say becomes the question when 'Compare' is pressed."""
    with st.sidebar:
        # Not st.header: it reads Markdown, and links and images, into a name.
        st.html(f"<h3>{in_map(session.name)}</h3>")
        chosen = _chosen(session)
        pressed = st.button("Compare", type="primary", width="stretch")
        asked: ScenarioWish = st.session_state.setdefault("compared", chosen)
        if pressed:
            st.session_state["compared"] = asked = chosen
        if chosen != asked:
            st.caption("What is shown is for the choices before. Press 'Compare' for new ones.")
    return asked


def _chosen(session: Session) -> ScenarioWish:
    names = st.multiselect(
        "Beside today", scenario_names(session.picture), FIRST_CHOICE, key="scenario-names"
    )
    teams = st.number_input("Patrol teams today", 1, MOST_TEAMS, 2, key="scenario-teams")
    settings = session.picture.settings.cameras
    grades = (USUAL_GRADE, *settings.grades.pixels_per_metre)
    grade = st.selectbox("Seen from this grade of detail on", grades, key="scenario-grade")
    budget = st.number_input(
        f"Also: the best for a budget ({settings.currency}, 0 for none)",
        0, LARGEST_BUDGET, 0, BUDGET_STEP, key="scenario-budget",
    )  # fmt: skip
    frontier = st.toggle("What ten budgets buy", key="scenario-frontier")
    draws = st.toggle("Try choices over 200 draws of the risk", key="scenario-draws")
    return ScenarioWish(
        tuple(names),
        int(teams),
        None if grade == USUAL_GRADE else grade,
        float(budget) or None,
        bool(frontier),
        bool(draws),
    )


def _show(session: Session, found: Comparison) -> None:
    if found.estate.illustrative:
        st.html(banner_html(found.estate))
    st.html(f"<h2>{in_map(_finding(found))}</h2>")
    parts = (
        scenarios_html(found), changes_html(session.picture, found), budgets_html(found),
        doubt_html(found),
    )  # fmt: skip
    for part in filter(None, parts):
        st.html(part)
    st.download_button(
        "Table (CSV)", lambda: spreadsheet_csv(scenario_table(found)), "comparison.csv",
        "text/csv", on_click="ignore",
    )  # fmt: skip
    st.caption(f"Comparison {found.id}")


def _finding(found: Comparison) -> str:
    """Say in a sentence which scenario covers most, and for how much more money."""
    today, *others = found.scenarios
    if not others:
        return f"Today {per_cent(today.covered)} of the shift's risk is covered"
    best = max(others, key=lambda result: result.covered)
    if best.covered <= today.covered:
        return f"None covers more than today's {per_cent(today.covered)} of the shift's risk"
    more = best.cost.a_year - today.cost.a_year
    price = (
        f"for {money(found.currency, more)} a year more" if more > 0 else "for no more money a year"
    )
    return (
        f"'{best.name}' covers most: {per_cent(best.covered)} of the shift's risk, today "
        f"{per_cent(today.covered)}, {price}"
    )
