"""Scenarios side by side: what each covers, costs and proves, and whether such choices held up."""
