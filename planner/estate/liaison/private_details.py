"""Recognising the details of a private person, where those of a role are wanted.

What is refused, in any cell:

- an e-mail address at a provider of private mail (Gmail, Outlook, BT Internet, ...);
- an e-mail address whose name part is two words joined by a dot, hyphen or underscore, or an
  initial and a word (``jane.doe@``, ``j.doe@``), unless one of the words names a role or function
  (``head.porter@``), or all are names of the estate's own places (``earth.sciences@``);
- a mobile telephone number of the United Kingdom (07..., with or without +44).

What can't be told from its form passes: ``jdoe@``, a name written into a role, a foreign mobile.
"""

import re
from collections.abc import Iterable

EMAIL = re.compile(r"[^\s@<>,;:()]+@[^\s@<>,;:()]+")
# Providers; the ending (.com, .co.uk, .fr) doesn't matter.
PRIVATE_MAIL = frozenset(
    {
        "163", "aol", "blueyonder", "btinternet", "fastmail", "gmail", "gmx", "googlemail", "hey",
        "hotmail", "icloud", "live", "mac", "mail", "me", "msn", "ntlworld", "outlook", "pm",
        "proton", "protonmail", "qq", "rocketmail", "sky", "talktalk", "tiscali", "tutanota",
        "virginmedia", "yahoo", "yandex", "ymail", "zoho",
    }
)  # fmt: skip
# Words that name a role or a function rather than a person.
ROLE_WORDS = frozenset(
    {
        "accommodation", "admin", "administrator", "alarm", "bursar", "bursary", "caretaker",
        "cctv", "college", "conference", "contact", "control", "coordinator", "custodian", "dean",
        "department", "deputy", "desk", "director", "domestic", "duty", "emergency", "enquiries",
        "estates", "events", "facilities", "fire", "gate", "hall", "head", "health", "help",
        "house", "info", "keys", "lab", "laboratory", "liaison", "library", "lodge", "mail",
        "maintenance", "manager", "museum", "night", "office", "officer", "operations", "porter",
        "porters", "post", "prevent", "principal", "reception", "registrar", "registry", "room",
        "safety", "school", "secretary", "security", "service", "services", "shift", "site", "slo",
        "staff", "steward", "superintendent", "supervisor", "support", "team", "warden", "workshop",
    }
)  # fmt: skip
_MOBILE = re.compile(r"(?<![0-9])(?:(?:\+|00)44(?:0)?|0)7[0-9]{9}(?![0-9])")
_PHONE = re.compile(
    r"\+?[0-9][0-9 ()./-]{2,24}(?:(?:ext\.?|x) ?[0-9]{1,6})?|(?:ext\.?|x) ?[0-9]{2,6}"
)
ADVICE = "give the role's own address and desk telephone"


def private_detail(text: str, place_words: Iterable[str] = ()) -> str:
    """Say which private detail a text seems to hold; ``""`` where there is none.

    Parameters
    ----------
    text
        A cell.
    place_words
        Words of the estate's names, in lower case.
    """
    for address in EMAIL.findall(text):
        if reason := _private_address(address, frozenset(place_words)):
            return reason
    if _MOBILE.search(re.sub(r"[\s().-]", "", text)):
        return f"holds a mobile telephone number; {ADVICE}"
    return ""


def _private_address(address: str, place_words: frozenset[str]) -> str:
    name, _, domain = address.rpartition("@")
    if PRIVATE_MAIL & set(domain.lower().split(".")[:-1]):
        return f"holds a private e-mail address; {ADVICE}"
    words = [word for word in re.split(r"[._-]", name.lower()) if word]
    letters = all(word.rstrip("0123456789").isalpha() for word in words)
    if len(words) < 2 or not letters:
        return ""
    known = [word.rstrip("0123456789") for word in words]
    if ROLE_WORDS & set(known) or set(known) <= place_words | ROLE_WORDS:
        return ""
    return f"holds what looks like a person's e-mail address; {ADVICE}"


def is_email(text: str) -> bool:
    """Say whether a text is one e-mail address and nothing else."""
    return re.fullmatch(r"[^\s@<>,;:()]+@[^\s@<>,;:().]+(\.[^\s@<>,;:().]+)+", text) is not None


def is_phone(text: str) -> bool:
    """Say whether a text is a telephone number, or an extension such as ``ext 72944``."""
    return _PHONE.fullmatch(text.lower()) is not None
