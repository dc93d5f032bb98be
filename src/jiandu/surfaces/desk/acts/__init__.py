"""The acts that a finding's page offers: for each its form, its legal moment, and the service that it calls."""
