"""A small Northwind folder, made by the tests that read it."""

import gzip

TABLES = {
    "customers": "CustomerID,CompanyName,ContactName,ContactTitle,Address,City,Region,PostalCode,Country,Phone,Fax",
    "products": "ProductID,ProductName,SupplierID,CategoryID,QuantityPerUnit,UnitPrice,UnitsInStock",
    "orders": "OrderID,CustomerID,EmployeeID,OrderDate,RequiredDate,ShippedDate,ShipVia,Freight,ShipName,"
    "ShipAddress,ShipCity,ShipRegion,ShipPostalCode,ShipCountry",
    "order_details": "OrderID,ProductID,UnitPrice,Quantity,Discount",
}
CUSTOMER = "VINET,Vins et alcools,Paul Henriot,Accountant,59 rue de l-Abbaye,Reims,,51100,France,26.47.15.10,"
PRODUCTS = ["11,Queso Cabrales,5,4,1 kg pkg.,21,22", "42,Singaporean Noodles,20,5,32 pkgs.,14,26"]


def order_row(number, *, freight="32.38", shipped="1996-07-16 00:00:00.000", country="France"):
    head = f"{number},VINET,5,1996-07-04 00:00:00.000,1996-08-01 00:00:00.000,{shipped},3,{freight}"
    return f"{head},Vins et alcools Chevalier,59 rue de l-Abbaye,Reims,,51100,{country}"


def detail_row(number, product=11, quantity=12, *, price="14", discount="0.0"):
    return f"{number},{product},{price},{quantity},{discount}"


def write_northwind(folder, *, orders, details, **tables):
    """Write the folder's tables, packed as the real ones; returns the folder."""
    rows = {"customers": [CUSTOMER], "products": PRODUCTS, "orders": orders, "order_details": details} | tables
    for table, lines in rows.items():
        if lines is not None:
            text = "\n".join([TABLES[table], *lines]) + "\n"
            (folder / f"{table}.csv.gz").write_bytes(gzip.compress(text.encode()))
    return folder
