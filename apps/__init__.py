"""The app: three domains, composed as one process or as three."""
