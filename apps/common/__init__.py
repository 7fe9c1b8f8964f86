"""What every domain stands on: database, events, HTTP, and the process around them. It knows no domain."""
