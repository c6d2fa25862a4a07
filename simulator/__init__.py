"""A stand-in for ECPay and LINE Pay, in their protocols over HTTP (payments.md 7); no money moves here.

It is a program of its own: it shares with the portal only the clock and the arithmetic of the
protocol, and learns of an order only from the form that the browser posts, or the call of LINE Pay's API.
"""
