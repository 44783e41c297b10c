-- Plans from before have snapshots without a seed and no record of how they were built: doctor could not build them again.
SELECT id FROM plan;
