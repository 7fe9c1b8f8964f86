"""What commands see of the local cloud, and how they call it; nothing here changes a stack."""
