"""The planner's app: which page to show.

Start it with ``planner app -w DIR``, which sets PLANNER_WORKSPACE.
"""

import streamlit as st

from planner.ui.intelligence_page import show_intelligence_page
from planner.ui.plan_page import show_plan_page
from planner.ui.review_page import show_review_page
from planner.ui.risk_page import show_risk_page
from planner.ui.scenario_page import show_scenario_page
from planner.ui.timing_page import show_timing_page

st.set_page_config(page_title="Deployment planner", layout="wide")
pages = [
    st.Page(show_plan_page, title="Plan a shift", default=True),
    st.Page(show_scenario_page, title="Scenarios", url_path="scenarios"),
    st.Page(show_risk_page, title="Risk", url_path="risk"),
    st.Page(show_timing_page, title="When", url_path="when"),
    st.Page(show_review_page, title="To decide", url_path="review"),
    st.Page(show_intelligence_page, title="Intelligence", url_path="intelligence"),
]
# Streamlit's own bar across the top would lie over a page's first lines.
page = st.navigation(pages, position="hidden")
with st.sidebar:
    for link in pages:
        st.page_link(link)
page.run()
