"""Open311 GeoReport v2 with the updates that FixMyStreet adds: what a city's other programs speak.

Public is what a case is about and how far it is; what somebody wrote only where the organisation says so.
"""
