"""A stand-in for Google as an OpenID provider, on Authlib's server side; demo mode only.

It learns of a person only what is typed or picked on their page, and of the portal only its addresses.
"""
