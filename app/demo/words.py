"""Names and sentences of the demo: of no real company and no real person."""

import unicodedata

PLACES = (
    "Amber", "Birch", "Cedar", "Dún", "Élan", "Fjord", "Granite", "Harbour", "Île", "Juniper", "Kestrel",
    "Łąka", "Meadow", "Nørre", "Otter", "Plover", "Quartz", "Río", "Saffron", "Thistle", "Umber", "Vista",
    "Willow", "Žofín", "Ångström", "Bramble", "Copper", "Dovetail", "Ember", "Foxglove", "Garnet", "Heather",
    "Ivory", "Jasper", "Lantern", "Maple", "Nutmeg", "Opal", "Pebble", "Rowan", "Sorrel", "Tamarack", "Ursa",
    "Verbena", "Wren", "Yarrow", "Zephyr", "Açaí",
)  # fmt: skip
THINGS = (
    "Anchor", "Bridge", "Cove", "Dale", "Field", "Gate", "Hill", "Isle", "Junction", "Knoll", "Lake", "Mill",
    "Nook", "Orchard", "Point", "Quarry", "Ridge", "Spring", "Tower", "Valley", "Wharf", "Yard", "Basin",
    "Crossing", "Dock", "Fen", "Grove", "Heath", "Inlet", "Marsh", "Park",
)  # fmt: skip
TRADES = (
    "Accountants", "Bakery", "Clinic", "Dental", "Engineering", "Freight", "Gardens", "Hotels", "Insurance",
    "Joinery", "Kitchens", "Legal", "Manufacturing", "Nursery", "Optics", "Pharmacy", "Print", "Robotics",
    "Schools", "Textiles", "Utilities", "Veterinary", "Winery",
)  # fmt: skip
FIRST_NAMES = (
    "Aino", "Bartosz", "Chidi", "Dalia", "Émile", "Farah", "Goran", "Hana", "Ioana", "Jürgen", "Kavya", "Léa",
    "Mateus", "Noor", "Øystein", "Paloma", "Quentin", "Rania", "Siobhán", "Tomás", "Ursula", "Viktor",
    "Wanjiru", "Ximena", "Yusuf", "Zoë", "Anders", "Bea", "Cian", "Dorota", "Enzo",
)  # fmt: skip
LAST_NAMES = (
    "Abara", "Bergqvist", "Castelo", "Dvořák", "Eriksen", "Fonseca", "Grünwald", "Hakimi", "Ivanova",
    "Jóhannsdóttir", "Kowalczyk", "Lindqvist", "Mbeki", "Nakagawa", "O’Dwyer", "Pereira", "Quispe", "Rossetti",
    "Şahin", "Tanaka", "Ulloa", "Vasquez", "Wójcik", "Xu", "Yılmaz", "Zieliński", "Amato", "Brandt", "Costa",
    "Duarte", "Fischer",
)  # fmt: skip
COUNTRIES = ("US", "DE", "GB", "FR", "CI", "TR", "BR", "JP", "SE", "PL", "RE", "AU", "CA", "IN", "CW", "MX", "ST", "ES")
TAGS = ("retail", "health", "education", "public", "renewal due", "key account", "onboarding", "àl-paris", "seasonal")

PROBLEMS = (
    "Backup of mailboxes stops half way", "Restored files miss their permissions",
    "Users are asked to sign in twice", "Export ends without a file", "Storage report shows last month",
    "New sites are not found", "Agent loses its connection", "Licences are counted twice",
    "Policy is not applied to new devices", "Search index is days behind", "Migration leaves calendars behind",
    "Alerts arrive in the wrong language",
)  # fmt: skip
SINCE = (
    "It began on Monday and happens every night.", "It happens to three users, always in the afternoon.",
    "Nothing was changed before; restarting does not help.", "We saw it once and cannot reproduce it.",
    "Steps: open the job, choose the last run, press Restore. Please tell us what to check.",
)  # fmt: skip
ANSWERS = (
    "Thank you for the details. We can see the failing job and are looking into it.",
    "Could you tell us which account runs the job, and since when?",
    "A correction was applied to your environment. Please run the job again.",
    "This is expected while the index is built; it ends within a day.",
    "We have found the cause: an expired certificate on the connector.",
)  # fmt: skip
REPLIES = (
    "It is the service account, unchanged since spring.", "That helped, the last two runs were complete.",
    "It still fails, the log of tonight is the same.", "Thank you, we will watch it until Friday.",
    "I have added the job's number.",
)  # fmt: skip
NOTES = (
    "Same signature as last week's connector incident; check the certificate first.",
    "Customer is patient, no need to escalate yet.", "Asked the product team; answer expected tomorrow.",
)  # fmt: skip

_STRIDE = 10_007  # a prime that divides the number of names no way: neighbours differ in every word
_FOLDS = str.maketrans({"ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "đ": "d", "’": "'"})


def fold(text: str) -> str:
    """`text` in lower case and without accents, as the database folds it for search (B43)."""
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(_FOLDS))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def slug(text: str) -> str:
    """`text` as part of a domain."""
    return "-".join("".join(c if c.isalnum() else " " for c in fold(text)).split())


def organization(number: int) -> str:
    """The name of the organisation with this number; no two have the same."""
    again, number = divmod(number, len(PLACES) * len(THINGS) * len(TRADES))
    number = (number * _STRIDE) % (len(PLACES) * len(THINGS) * len(TRADES))
    number, place = divmod(number, len(PLACES))
    trade, thing = divmod(number, len(THINGS))
    name = f"{PLACES[place]} {THINGS[thing]} {TRADES[trade]}"
    return f"{name} {again + 1}" if again else name
