"""Short numbers that everybody may ring. Shared by the kinds that could take them for something else."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

#: Public short numbers are nobody's reference.
HOTLINES = frozenset(["110", "119", "120", "122", "114", "112", "999", "911", "988", "111", "105", "101", "12345", "12315", "12356", "12320", "12333", "12366", "12348", "12328", "12369", "96333", "96110", "95598", "10000", "10010", "10086", "10099", "95588", "95533", "95599", "95566", "95555", "95559", "95580", "95518", "95500", "95519", "95511", "12306", "12305", "11185", "11183", "12378", "12363", "12381", "12321"])  # fmt: skip
