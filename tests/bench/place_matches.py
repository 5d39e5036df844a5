"""How well written places of a campus are matched with its buildings, against labels by hand.

The labels (``tests/campus_place_labels.csv``) hold the incidents' and the buildings' identifiers
only. 200 distinct texts were drawn (seed 2026: 175 with something in brackets other than 'Public
Way', 25 of the rest) and labelled by reading them beside the buildings' names and addresses, not
by running the matcher. The first draw was of 140 and 60; it was widened when it gave fewer than 40
matches. The matcher was developed with this file in view, and mended where these labels showed it
wrong: the figures are not those of unseen texts. Prints precision and recall::

    python tests/bench/place_matches.py ../shared/data/campus
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from planner.estate.cameras import no_cameras
from planner.estate.model import Estate
from planner.estate.sites import SiteFiles, read_sites
from planner.estate.zones import zones_from_sites
from planner.incidents.locate import locate

LABELS = Path(__file__).parents[1] / "campus_place_labels.csv"


@dataclass(frozen=True)
class Figures:
    """How many texts were given a building, and how many of them rightly.

    Attributes
    ----------
    made, right, labelled
        Texts with a building: found, rightly found, and labelled.
    """

    made: int
    right: int
    labelled: int

    @property
    def precision(self) -> float:
        """Share of the buildings found that are right."""
        return self.right / max(self.made, 1)

    @property
    def recall(self) -> float:
        """Share of the labelled buildings that are found."""
        return self.right / max(self.labelled, 1)


def labelled_places(campus: Path) -> pd.DataFrame:
    """Read the labelled texts: ``place``, ``longitude``, ``latitude``, ``label``."""
    labels = pd.read_csv(LABELS, dtype=str, keep_default_na=False)
    incidents = pd.read_csv(campus / "ucpd_2011_2019.csv", dtype=str, keep_default_na=False)
    rows = labels.merge(incidents, on="ucpd_id", validate="1:1")
    degrees = rows["validated_location"].str.split(",", expand=True).astype(float)
    return pd.DataFrame(
        {
            "place": rows["location"], "longitude": degrees[1], "latitude": degrees[0],
            "anonymised": False, "label": rows["building"],
        }
    )  # fmt: skip


def campus_estate(campus: Path) -> Estate:
    """Make the estate of the campus's buildings."""
    files = SiteFiles(
        [campus / "uchicago-buildings.geojson"], name_field="BLDG_NAME1", id_field="BLDG_ID"
    )
    sites, _ = read_sites(files)
    crs = sites.sites.crs.to_string()
    return Estate(
        crs, sites.sites, sites.buildings, None, zones_from_sites(sites.sites), no_cameras(crs)
    )


def figures(campus: Path, places: pd.DataFrame, with_coordinates: bool) -> Figures:
    """Locate the labelled texts and compare their buildings with the labels."""
    estate = campus_estate(campus)
    asked = places if with_coordinates else places.assign(longitude=np.nan, latitude=np.nan)
    found = locate(asked, estate)["building"]
    reference = estate.buildings.set_index("building")["reference"]
    told = found.map(reference).fillna("").astype(str)
    right = (told != "") & (told == places["label"])
    return Figures(int((told != "").sum()), int(right.sum()), int((places["label"] != "").sum()))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("campus", type=Path)
    campus = parser.parse_args().campus
    places = labelled_places(campus)
    for name, with_coordinates in (("text alone", False), ("with coordinates", True)):
        told = figures(campus, places, with_coordinates)
        print(
            f"{name}: {told.made} matches, precision {told.precision:.1%}, "
            f"recall {told.recall:.1%} of {told.labelled}"
        )


if __name__ == "__main__":
    main()
