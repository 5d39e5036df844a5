"""What to do: the scenario asked, the patrols and cameras proposed, and the proof of each."""
