"""What is known of a person: shown, taken along, erased; by themselves, by a link in a mail, or by the operator."""
