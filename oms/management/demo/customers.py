"""Made-up people and where they live: real streets' names, nobody's addresses."""

FIRST = "Lena Jonas Mia Paul Emma Leon Hannah Finn Sofia Elias Marie Noah Lina Luis Amélie Léo Giulia Marco Zoë Søren"
LAST = "Weber Schulz Krüger Hofmann Koch Bauer Richter Klein Wolf Neumann Schröder Zimmermann Dubois Rossi Jansen Nowak"
PLACES = (
    ("Lindenstr.", "10969", "Berlin", "DE"),
    ("Elbchaussee", "22765", "Hamburg", "DE"),
    ("Leopoldstr.", "80802", "München", "DE"),
    ("Venloer Str.", "50823", "Köln", "DE"),
    ("Zeil", "60313", "Frankfurt am Main", "DE"),
    ("Königstr.", "70173", "Stuttgart", "DE"),
    ("Mariahilfer Str.", "1060", "Wien", "AT"),
    ("Rue de Turenne", "75003", "Paris", "FR"),
    ("Prinsengracht", "1015 DX", "Amsterdam", "NL"),
    ("Istedgade", "1650", "København", "DK"),
)


def customer(random):
    """Return (e-mail, phone, address) of somebody, by `random`."""
    first, last = random.choice(FIRST.split()), random.choice(LAST.split())
    street, postcode, city, country = PLACES[min(int(random.expovariate(0.35)), len(PLACES) - 1)]
    line1 = f"{street} {random.randint(1, 120)}"
    plain = f"{first}.{last}{random.randint(1, 60)}".lower().encode("ascii", "ignore").decode()
    address = {"name": f"{first} {last}", "line1": line1, "postcode": postcode, "city": city, "country": country}
    phone = f"+49 151 {random.randint(10_000_000, 99_999_999)}" if country == "DE" else ""
    return f"{plain}@example.com", phone, address
