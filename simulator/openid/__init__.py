"""Stand-ins for Google and Facebook as OpenID providers, on Authlib's server side; demo mode only.

They learn of a person only what is typed or picked on their page, and of the portal only its addresses.
"""
