// RPKI
