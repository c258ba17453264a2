"""Why a network said so: one explanation a file, arrays in and arrays out; knows no page."""
