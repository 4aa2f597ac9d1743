"""eBay: documents of the Fulfillment and Inventory APIs, JSON, and of the Trading API, XML."""
