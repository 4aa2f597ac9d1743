"""Those who move money. The rest of the system knows them by their alias in settings.GATEWAYS."""
