"""Reconciliation: what gateways and banks say in their files, held against what we have recorded."""
