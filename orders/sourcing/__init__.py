"""Which locations an order ships from. Pure: stock and costs in, plans out."""
