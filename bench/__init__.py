"""The benchmarks: how long an import and a print run of tickets take on this machine."""
