"""A stand-in for LINE Pay's Online API, v3 and v4 (payments.md 2): the API, the payer's page, the strings."""
