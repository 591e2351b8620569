//! A random incident, rendered, imported and rendered again, gives the same report.
