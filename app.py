"""The planner's app: which page to show.

Start it with ``planner app -w DIR``, which sets PLANNER_WORKSPACE.
"""

import streamlit as st

from planner.ui.plan_page import show_plan_page

st.set_page_config(page_title="Deployment planner", layout="wide")
page = st.navigation([st.Page(show_plan_page, title="Plan a shift")], position="hidden")
page.run()
