"""A merchant that looks real: goods, warehouses, staff, partners, and orders in every state of life."""
