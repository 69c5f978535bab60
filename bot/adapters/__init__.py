"""One module per outside thing; each client library is imported in exactly one of them."""
