"""Which tax an order bears. Pure: rates and addresses in, rates out."""
