"""BigCommerce: documents of its REST API (orders V2, refunds and inventory V3) and of webhooks, which name ids only."""
