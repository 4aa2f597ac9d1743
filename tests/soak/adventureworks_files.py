"""A small AdventureWorks folder with its postal centroids: a customer and an address in each of six cities."""

import gzip
import lzma

PRODUCTS = ["1,Chain,CH-1,2.50,5,G ,300", "2,Bell,BE-2,1.25,0,,", "3,Road bike,BK-3,900,1200,LB ,20"]
# address id, city, state id, state, country, postal code, latitude, longitude
CITIES = [
    (1, "Bothell", 79, "WA", "US", "98011", 47.76, -122.2),
    (2, "Burbank", 9, "CA", "US", "91502", 34.18, -118.31),
    (3, "London", 14, "ENG", "GB", "SE1 8HL", 51.5, -0.11),
    (4, "Paris", 161, "75", "FR", "75013", 48.83, 2.36),
    (5, "Berlin", 20, "HH", "DE", "14111", 52.45, 13.3),
    (6, "Sydney", 50, "NSW", "AU", "1002", -33.87, 151.2),
]


def write_adventureworks(folder, *, orders=24):
    """Write both folders' files into `folder`, packed as the real ones; returns it."""
    sales = []
    for number in range(orders):
        for key, amount in (("310", "1199.9"), ("477", "4.99"))[: 1 + number % 2]:
            sales.append(f"{key},{11000 + number % len(CITIES)},SO{number},{amount}")
    tables = {
        "dim_customer": ["CustomerKey,City,Full Name", *(f"{10999 + row[0]},{row[1]},Ann {row[1]}" for row in CITIES)],
        "fact_internet_sales": ["ProductKey,CustomerKey,Sales Order Number,Sales Amount", *sales],
        "oltp_address": ["line1,city,state_province_id,postal_code", *(f"Road 1,{r[1]},{r[2]},{r[5]}" for r in CITIES)],
        "oltp_stateprovince": [
            "state_province_id,state_province_code,country_region_code",
            *(f"{row[2]},{row[3]} ,{row[4]}" for row in CITIES),
        ],
        "oltp_product": ["c1,c2,c3,c9,c10,c13,c14", *PRODUCTS],
        "oltp_productinventory": [
            "product_id,location_id,shelf,bin,quantity",
            "1,6,B,5,40",
            "2,6,B,5,7",
            "1,7,N/A,0,0",
        ],
        "oltp_purchaseorderheader": ["c1,c5", "1,1580", "2,1496"],
        # The second order names a product twice, once with rejected pieces and once short.
        "oltp_purchaseorderdetail": [
            "c1,c2,c4,c5,c6,c8,c9,c10",
            "1,1,4,1,50.26,3.00,.00,3.00",
            "2,2,30,1,45.12,30.00,2.00,28.00",
            "2,3,10,1,45.12,10.00,.00,10.00",
        ],
    }
    for name, lines in tables.items():
        (folder / f"{name}.csv.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    for country in {row[4] for row in CITIES}:
        found = [f"{r[5].split()[0]},{r[6]},{r[7]},{r[1]}" for r in CITIES if r[4] == country]
        text = "\n".join(["postal_code,lat,lng,place", *found])
        (folder / f"{country}.csv.xz").write_bytes(lzma.compress(text.encode()))
    return folder
