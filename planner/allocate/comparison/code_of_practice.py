"""The guiding principles of the Surveillance Camera Code, and how the case for a camera answers.

Home Office (2013, amended 2021), "Surveillance Camera Code of Practice" for England and Wales,
issued under the Protection of Freedoms Act 2012. It binds relevant authorities, such as the police
and councils; others are encouraged to adopt it. The principles are told in words of our own. What
the page does not show stays open: nothing is claimed for the service.
"""

from datetime import date

from planner.allocate.comparison.case_parts import Principle, PrivateInView, RecordsInView
from planner.camera_settings import CameraPaper

SOURCE = "Surveillance Camera Code of Practice (Home Office, 2013, amended 2021), in our own words"
OPEN = "Open: to be answered by the service."
NO_ASSESSMENT = "none yet: must be done before it is switched on"
PRINCIPLES = (
    "A stated purpose, a legitimate aim and a pressing need",
    "The effect on people and their privacy, reviewed regularly",
    "Openness, with a contact for questions and complaints",
    "Clear responsibility and accountability",
    "Rules and procedures in place, known to all who need them",
    "No more kept, and no longer, than the purpose needs",
    "Access and disclosure limited and ruled",
    "Operational, technical and competency standards",
    "Safeguards against access and use without authority",
    "Review and audit, with regular reports",
    "Used effectively, for images of evidential value",
    "Reference data for any matching kept accurate",
)


def principles(
    paper: CameraPaper,
    records: RecordsInView,
    private: tuple[PrivateInView, ...],
    grade: str,
    standard: str,
    review_on: str,
) -> tuple[Principle, ...]:
    """Say of each of the twelve principles how the case answers it.

    Parameters
    ----------
    paper
        What the service has decided for all cameras.
    records, private
        The incidents and the private places in view.
    grade, standard
        From which grade of detail on something counts as seen, and whose grades they are.
    review_on
        The day of the review, ISO.
    """
    day = date.fromisoformat(review_on)
    review = f"{day.day} {day:%b %Y}"
    answers = {
        1: _need(paper, records),
        2: _privacy(paper, private, review),
        3: ("In part: signs, as stated. Open: the contact for questions and complaints.", True),
        6: (
            f"In part: recordings are kept {paper.retention_days} days. Open: why so long.",
            True,
        ),
        8: (f"In part: detail graded by {standard}. Open: operators' competency.", True),
        10: (f"In part: review by {review}. Open: audit, and where reports appear.", True),
        11: (
            f"In part: what is in view at '{grade}' or better, what it adds and the alternatives "
            "are shown. Open: whether that grade gives evidence.",
            True,
        ),
        12: ("This case proposes no matching. Open if the camera's system does any.", True),
    }
    return tuple(
        Principle(
            number=number,
            words=words,
            answer=answers.get(number, (OPEN, True))[0],
            open=answers.get(number, (OPEN, True))[1],
        )
        for number, words in enumerate(PRINCIPLES, start=1)
    )


def _need(paper: CameraPaper, records: RecordsInView) -> tuple[str, bool]:
    if records.total is None:
        return "Purpose stated. Open: fewer than 5 incidents are recorded in view.", True
    about = "about " if records.rounded else ""
    return (
        f"Purpose stated; {about}{records.total:,} recorded incidents in view. Open: whether that "
        "need is pressing.",
        True,
    )


def _privacy(
    paper: CameraPaper, private: tuple[PrivateInView, ...], review: str
) -> tuple[str, bool]:
    seen = f"{len(private)} private place{'s' * (len(private) != 1)} in view"
    said = f"{seen if private else 'no known private place in view'}; review by {review}"
    if not paper.impact_assessment:
        return f"In part: {said}. Open: the impact assessment.", True
    return f"{said[:1].upper()}{said[1:]}; impact assessment {paper.impact_assessment}.", False
