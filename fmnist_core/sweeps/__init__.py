"""Many runs of one recipe that differ by what is searched: planned, carried out, compared."""
