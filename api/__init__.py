"""What other programs use: our own HTTP API with its OpenAPI document, and Open311 GeoReport v2.

Who may do what to a ticket is the core's business; here requests are read, checked and answered.
"""
