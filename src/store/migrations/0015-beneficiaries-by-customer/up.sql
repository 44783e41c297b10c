-- The destinations of one customer, in the order in which a list shows them.
CREATE INDEX beneficiary_by_customer ON beneficiary (customer, digest);
