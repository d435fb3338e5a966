"""The staff web desk: a leaf. It shows what the core knows and asks the core to act; it decides nothing itself."""
