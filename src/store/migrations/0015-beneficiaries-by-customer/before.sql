-- Every destination belongs to somebody.
SELECT digest FROM beneficiary WHERE customer IS NULL;
