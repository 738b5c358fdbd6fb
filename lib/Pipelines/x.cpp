int wickVersionAnchor;
