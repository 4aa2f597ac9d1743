"""Files as trading partners write them, made by hand so that no writer of ours is proven by itself."""

from decimal import Decimal

ISA = (
    "ISA*00*          *00*          *ZZ*BUYER          *ZZ*SELLER         "
    "*261128*0930*U*00401*{control:09d}*0*{usage}*>~"
)
SHIP_TO = (
    "N1*ST*Store 7*92*0007",
    "N2*Attn: Receiving",
    "N3*120 Main St*Dock 4",
    "N4*Springfield*IL*62701",
)


def x12(*transactions, control=1, usage="P", kind="850", code="PO", **signs):
    """An interchange of transactions (lists of segments, without ST and SE); `signs` replace * ~ and >."""
    rows = [f"GS*{code}*BUYER*SELLER*20261128*0930*{control}*X*004010"]
    for n, segments in enumerate(transactions, start=1):
        rows += [f"ST*{kind}*{n:04d}", *segments, f"SE*{len(segments) + 2}*{n:04d}"]
    rows += [f"GE*{len(transactions)}*{control}", f"IEA*1*{control:09d}"]
    text = ISA.format(control=control, usage=usage) + "".join(f"{row}~" for row in rows)
    for name, sign in (("*", "element"), (">", "component"), ("~", "segment")):
        text = text.replace(name, signs.get(sign, name))
    return text.encode()


def po(number, *lines, before=(), after=(), ship_to=SHIP_TO, purpose="00", counts=True):
    """The segments of an 850; a line is (SKU, pieces, price) or a segment of its own."""
    rows = [f"BEG*{purpose}*SA*{number}**20261128", "CUR*BY*USD", "DTM*002*20261205", *before, *ship_to]
    numbered = 0
    for line in lines:
        numbered += isinstance(line, tuple) or line.startswith("PO1")
        rows.append(line if isinstance(line, str) else po1(numbered, *line))
    return [*rows, *([f"CTT*{numbered}"] if counts else []), *after]


def po1(number, sku, pieces, price):
    return f"PO1*{number}*{pieces}*EA*{Decimal(price)}**BP*B-{sku}*VN*{sku}"


def orders(number, *lines, control="77", test="", tail="UNS+S'", message="ORDERS:D:96A:UN:EAN008"):
    """An EDIFACT interchange with one ORDERS; a line is (GTIN, pieces, price)."""
    rows = [f"BGM+220+{number}+9", "DTM+137:20261128:102", "DTM+2:20261205:102", "CUX+2:EUR:9"]
    rows += ["NAD+BY+4012345000009::9++Haus ?& Hof GmbH", "CTA+OC+:Frau Meier", "COM+einkauf@haus.example:EM"]
    rows += ["NAD+DP+4012345000016::9++Haus:Filiale 3+Am Markt 5+Köln++50667+DE"]
    for n, (gtin, pieces, price) in enumerate(lines, start=1):
        rows += [
            f"LIN+{n}++{gtin}:EN",
            f"PIA+1+SKU-{n}:SA",
            f"IMD+F++:::Tasse {n}",
            f"QTY+21:{pieces}:PCE",
            f"PRI+AAA:{price}",
        ]
    body = "".join(f"{row}'\n" for row in rows) + tail + f"CNT+2:{len(lines)}'"
    count = body.count("'\n") + tail.count("'") + 1 + 2
    head = (
        f"UNA:+.? 'UNB+UNOC:3+4012345000009:14+4098765000005:14+261128:0930+{control}"
        + f"++++++{test}".rstrip("+")
        + "'"
    )
    return f"{head}UNH+1+{message}'{body}UNT+{count}+1'UNZ+1+{control}'".encode("latin-1")
