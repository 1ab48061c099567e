"""What surrounds a figure: the school survey, shootings, finance, poverty, and wages."""
