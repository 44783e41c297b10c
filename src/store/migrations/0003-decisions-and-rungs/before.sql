-- Documents of these rows have another shape now and could not be read any more.
SELECT id FROM plan;
SELECT approval FROM withdrawal_approval;
SELECT request FROM receipt;
