-- Who is known by an ending like this one, whatever its capitals: in addresses of some chains they are checksum.
DROP INDEX address_by_end;
DROP INDEX beneficiary_by_end;
CREATE INDEX address_by_ending ON address (lower(substr(account, -4)));
CREATE INDEX beneficiary_by_ending ON beneficiary (lower(substr(account, -4)));
